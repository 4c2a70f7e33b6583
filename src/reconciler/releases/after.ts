import type { Release } from './release.ts';
import type { Switch } from './switches.ts';

/** A release that does what the one before it does, and what the pull requests say that it brings. */
export function after(
  before: Release,
  { brings, ...named }: Pick<Release, 'id' | 'versions' | 'words'> & { readonly brings: readonly Switch[] },
): Release {
  return { ...before, ...named, isDefault: false, switches: new Set([...before.switches, ...brings]) };
}
