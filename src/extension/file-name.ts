/** What a file's name says of a session. */
export interface NamedSession {
  readonly mode: string;
  readonly name: string;
}

/** A name for what is saved of sessions, without its ending: modes, run, date and time of day, by the clock on the wall. */
export function fileNameOf(sessions: readonly NamedSession[], at: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  const time = `${two(at.getHours())}${two(at.getMinutes())}`;
  const modes = new Set(sessions.map(({ mode }) => mode));
  const names = new Set(sessions.map(({ name }) => name.replace(/\.arctrace\.jsonl$|\.jsonl$/, '')));
  return [...modes, ...names, date, time]
    .map((part) => part.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, ''))
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 120);
}
