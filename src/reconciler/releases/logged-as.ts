import { RELEASES } from './releases.ts';

/** As which versions a log may name one: the main branch writes the messages of the last one that was published. */
export function loggedAs(version: string): readonly string[] {
  if (version === 'latest') return [version, ...RELEASES.published.slice(-1)];
  return [version, ...(RELEASES.all.find(({ id }) => id === version)?.versions ?? [])];
}
