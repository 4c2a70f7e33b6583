import type { Release } from './releases/release.ts';

/** What ARC's controller is started with, by flags and environment, besides its workers and limits. */
export interface ProcessOptions {
  /** The controller's own namespace, where listeners live. */
  readonly namespace: string;
  /** Of the controller's build, with which a scale set's version label is compared. */
  readonly version: string;
  /** Of listeners: the controller's own image. */
  readonly image: string;
  /** Names of secrets, in the controller's namespace. */
  readonly imagePullSecrets: readonly string[];
  /** Whether a changed scale set waits until its runners are done; until pull request 4516. */
  readonly updateStrategy: 'immediate' | 'eventual';
  /** Labels whose keys begin so are not passed on. */
  readonly excludedLabelPrefixes: readonly string[];
  readonly listenerLog: { readonly level: string; readonly format: string };
  /** Where a listener serves its metrics; undefined where it serves none. */
  readonly listenerMetrics: { readonly address: string; readonly endpoint: string } | undefined;
}

export const DEFAULT_PROCESS: ProcessOptions = {
  namespace: 'arc-systems',
  version: 'NA',
  image: 'ghcr.io/actions/gha-runner-scale-set-controller:lab',
  imagePullSecrets: [],
  updateStrategy: 'immediate',
  excludedLabelPrefixes: [],
  listenerLog: { level: 'debug', format: 'text' },
  listenerMetrics: undefined,
};

/** Of a release's published build: it has that version, and its own image. Builds that were never published call themselves `dev`. */
export function publishedProcess({ id, versions }: Pick<Release, 'id' | 'versions'>): ProcessOptions {
  const image = `ghcr.io/actions/gha-runner-scale-set-controller:${id}`;
  return { ...DEFAULT_PROCESS, version: versions.at(-1) ?? 'dev', image };
}
