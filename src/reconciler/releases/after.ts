import { policiesFor } from './policies.ts';
import type { Release } from './release.ts';
import type { Switch } from './switches.ts';

type Named = Pick<Release, 'id' | 'versions' | 'words'> & Partial<Pick<Release, 'actions' | 'controllerRuntime'>>;

/** A release that does what the one before it does, and what the pull requests say that it brings. */
export function after(before: Release, { brings, ...named }: Named & { readonly brings: readonly Switch[] }): Release {
  const switches = new Set([...before.switches, ...brings]);
  return { ...before, ...policiesFor(before, brings), ...named, isDefault: false, switches };
}
