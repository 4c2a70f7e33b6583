import type { Switches } from '../releases/switches.ts';

/**
 * Whether a controller looks after a scale set that was made for a version of ARC. One that does not deletes it.
 * @param label version that the scale set was made for
 * @param build the controller's own
 */
export function isVersionAllowed(label: string | undefined, build: string, switches: Switches): boolean {
  if (label === build) return true;
  if (!switches.has(4080)) return false;
  if (build === 'dev' || build.startsWith('canary-')) return true;
  const [theirs, ours] = [minorOf(label ?? ''), minorOf(build)];
  return theirs !== undefined && theirs === ours;
}

/** `MAJOR`, `MAJOR.MINOR` or that with a number and anything behind it; nothing may lead a number but itself. */
const VERSION = /^(0|[1-9]\d*)(?:\.(0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)(?!\d).*)?)?$/s;

function minorOf(version: string): string | undefined {
  const found = VERSION.exec(version);
  return found === null ? undefined : `${found[1]}.${found[2] ?? '0'}`;
}
