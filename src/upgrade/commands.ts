import type { ApiObject } from '../kubernetes/types.ts';
import type { Snapshot } from './snapshot.ts';

/** A word as a POSIX shell takes it: names of objects are words, what a dump says need not be. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** `kubectl --context prod -n arc-runners WORDS` */
export function kubectl({ access }: Snapshot, namespace: string, ...words: readonly string[]): string {
  const where = namespace === '' ? [] : ['-n', namespace];
  return ['kubectl', ...(access === '' ? [] : [access]), ...[...where, ...words].map(shellWord)].join(' ');
}

/** The same for Helm, whose option has another name. */
export function helm({ access }: Snapshot, namespace: string, ...words: readonly string[]): string {
  const cluster = access.replace('--context', '--kube-context');
  const where = namespace === '' ? [] : ['-n', namespace];
  return ['helm', ...words.map(shellWord), ...(cluster === '' ? [] : [cluster]), ...where.map(shellWord)].join(' ');
}

/** Name of the Helm release that made an object; undefined where none did. */
export function helmReleaseOf({ metadata }: ApiObject): string | undefined {
  return metadata.annotations?.['meta.helm.sh/release-name'];
}

const CHARTS = 'oci://ghcr.io/actions/actions-runner-controller-charts';
export const CONTROLLER_CHART = `${CHARTS}/gha-runner-scale-set-controller`;
export const SCALE_SET_CHART = `${CHARTS}/gha-runner-scale-set`;
