import type { SessionInfo } from '../protocol.ts';

/** The namespace is the same for most: names are shown without it. */
export function shortName(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

/** What tells the runs on a page apart beside their modes: nothing for runs of one name, which the title says already. */
export function ownNames(infos: readonly Pick<SessionInfo, 'name'>[]): readonly string[] {
  const isShared = new Set(infos.map(({ name }) => name)).size <= 1;
  return infos.map(({ name }) => (isShared ? '' : name));
}

/** As `ownNames`, with the modes before them. */
export function runNames(infos: readonly Pick<SessionInfo, 'name' | 'mode'>[]): readonly string[] {
  const names = ownNames(infos);
  return infos.map(({ mode }, number) => [mode, names[number]].filter((part) => part !== '').join(' · '));
}
