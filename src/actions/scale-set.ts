/** Scale sets and what belongs to them, with the names of fields that the Actions service uses. */

export interface RunnerGroup {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly isDefaultGroup: boolean;
}

export interface ScaleSetLabel {
  readonly type: string;
  readonly name: string;
}

interface RunnerSetting {
  readonly ephemeral?: boolean;
  readonly disableUpdate?: boolean;
}

/** What the service counts of a scale set. Jobs count as assigned until they are completed, so running ones too. */
export interface ScaleSetStatistics {
  readonly totalAvailableJobs: number;
  readonly totalAcquiredJobs: number;
  readonly totalAssignedJobs: number;
  readonly totalRunningJobs: number;
  readonly totalRegisteredRunners: number;
  readonly totalBusyRunners: number;
  readonly totalIdleRunners: number;
}

/** What a client says of a scale set that it makes or changes; a change leaves alone what it does not name. */
export interface ScaleSetSpec {
  readonly name?: string;
  readonly runnerGroupId?: number;
  readonly labels?: readonly ScaleSetLabel[];
  readonly RunnerSetting?: RunnerSetting;
}

export interface RunnerScaleSet extends Required<ScaleSetSpec> {
  readonly id: number;
  readonly runnerGroupName: string;
  readonly createdOn: string;
  readonly runnerJitConfigUrl: string;
  readonly statistics: ScaleSetStatistics;
}
