/** On whose behalf calls are made, as the user agent says. */
export interface CallerDetails {
  readonly part: 'controller' | 'listener';
  readonly scaleSetId: number;
  readonly hasProxy: boolean;
}

/** How a release of ARC deals with the service. */
export interface ActionsClientPolicy {
  /** @param caller undefined as long as the process has neither found nor made a scale set */
  readonly userAgent: (caller: CallerDetails | undefined) => string;
  /**
   * Whether a client makes one call at a time, which holds its lock through fetching the admin token, repeats and waits.
   * Else calls go beside one another, and only fetching the admin token is done by one at a time.
   */
  readonly isOneAtATime: boolean;
  /**
   * Waits before runner-registration is sent again, without its body, because it was answered 401 or 403; microseconds.
   * `as-failures` where these answers are repeated like those of a server that fails, with the body.
   */
  readonly refusedRegistration: readonly number[] | 'as-failures';
  /** Whether an exception that the service names counts only with the status that belongs to it. */
  readonly checksStatus: boolean;
  /** Whether a session that is asked for has an id of zeros, and not none. */
  readonly sendsEmptySessionId: boolean;
  /** Whether listeners acquire the jobs that are available. */
  readonly acquiresJobs: boolean;
}

const SUBSYSTEMS = { controller: 'controller', listener: 'ghalistener' } as const;

/** The client that ARC had of its own, in 0.9.3: a refused registration is repeated after 1, 1.5 and 2 s. */
export const OWN_CLIENT_0_9: ActionsClientPolicy = {
  userAgent: (caller) => {
    const subsystem = caller === undefined ? '' : SUBSYSTEMS[caller.part];
    const proxy = caller?.hasProxy === true ? 'enabled' : 'disabled';
    return `actions-runner-controller/NA (NA; ${subsystem}) ScaleSetID/${caller?.scaleSetId ?? 'NA'} (Proxy/${proxy})`;
  },
  isOneAtATime: false,
  refusedRegistration: [1_000_000, 1_500_000, 2_000_000],
  checksStatus: true,
  sendsEmptySessionId: false,
  acquiresJobs: true,
};

/** The same up to 0.13: a refused registration is repeated after 1, 2, 4, 8 and 16 s. */
export const OWN_CLIENT: ActionsClientPolicy = {
  ...OWN_CLIENT_0_9,
  refusedRegistration: [1_000_000, 2_000_000, 4_000_000, 8_000_000, 16_000_000],
};

/**
 * The client of actions/scaleset, which ARC has from 0.14 on.
 * @param version of that module, for example `v0.4.0`; with `v0.2.0` listeners know nothing of available jobs
 */
export function scalesetClient(version: string): ActionsClientPolicy {
  return {
    userAgent: (caller) =>
      JSON.stringify({
        ...{ system: 'actions-runner-controller', version: 'NA', commit_sha: 'NA' },
        scale_set_id: caller?.scaleSetId ?? 0,
        subsystem: caller?.part === 'listener' ? 'ghalistener' : 'gha-scale-set-controller',
        ...{ build_version: version, build_commit_sha: version, kind: 'scaleset' },
      }),
    isOneAtATime: true,
    refusedRegistration: 'as-failures',
    checksStatus: false,
    sendsEmptySessionId: true,
    acquiresJobs: version !== 'v0.2.0',
  };
}
