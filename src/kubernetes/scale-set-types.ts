import type { ApiObject, Container, GitHubServerTLS, Labelled, PodSpec, ProxyConfig } from './types.ts';

/** The two custom resources above EphemeralRunnerSets, as JSON on the wire. */

/** A template of pods, as Kubernetes has it. */
export interface PodTemplate {
  readonly metadata?: Labelled;
  readonly spec?: Partial<PodSpec> & { readonly containers?: readonly Container[] };
}

export interface AutoscalingRunnerSet extends ApiObject {
  readonly spec: AutoscalingRunnerSetSpec;
  readonly status?: AutoscalingRunnerSetStatus;
}

interface AutoscalingRunnerSetSpec {
  readonly githubConfigUrl: string;
  readonly githubConfigSecret: string;
  /** Name of the runner group; the default group without it. */
  readonly runnerGroup?: string;
  /** Name of the scale set in the service; the object's own without it. */
  readonly runnerScaleSetName?: string;
  /** Labels of the scale set besides its name; from ARC 0.14.0 on, as are the fields of metadata. */
  readonly runnerScaleSetLabels?: readonly string[];
  readonly proxy?: ProxyConfig;
  readonly githubServerTLS?: GitHubServerTLS;
  readonly vaultConfig?: Readonly<Record<string, unknown>>;
  readonly template: { readonly metadata?: Labelled; readonly spec: PodSpec };
  readonly listenerTemplate?: PodTemplate;
  readonly listenerMetrics?: Readonly<Record<string, unknown>>;
  readonly maxRunners?: number;
  readonly minRunners?: number;
  readonly autoscalingListener?: Labelled;
  readonly listenerServiceAccountMetadata?: Labelled;
  readonly listenerRoleMetadata?: Labelled;
  readonly listenerRoleBindingMetadata?: Labelled;
  readonly listenerConfigSecretMetadata?: Labelled;
  readonly ephemeralRunnerSetMetadata?: Labelled;
  readonly ephemeralRunnerMetadata?: Labelled;
  readonly ephemeralRunnerConfigSecretMetadata?: Labelled;
}

/** From ARC 0.14.0 on. */
export type ScaleSetPhase = 'Pending' | 'Running' | 'Outdated';

/** Counts are those of the EphemeralRunnerSet's status, copied when its total has changed. */
export interface AutoscalingRunnerSetStatus {
  readonly phase?: ScaleSetPhase;
  readonly currentRunners?: number;
  readonly pendingEphemeralRunners?: number;
  readonly runningEphemeralRunners?: number;
  readonly failedEphemeralRunners?: number;
}

/** It lives in the controller's namespace. */
export interface AutoscalingListener extends ApiObject {
  readonly spec: AutoscalingListenerSpec;
  /** Has no fields. */
  readonly status?: object;
}

export interface AutoscalingListenerSpec {
  readonly githubConfigUrl: string;
  readonly githubConfigSecret: string;
  readonly vaultConfig?: Readonly<Record<string, unknown>>;
  readonly runnerScaleSetId: number;
  readonly autoscalingRunnerSetNamespace: string;
  readonly autoscalingRunnerSetName: string;
  readonly ephemeralRunnerSetName: string;
  /** 0 is not written. */
  readonly maxRunners?: number;
  readonly minRunners?: number;
  readonly image: string;
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly proxy?: ProxyConfig;
  readonly githubServerTLS?: GitHubServerTLS;
  readonly metrics?: Readonly<Record<string, unknown>>;
  readonly template?: PodTemplate;
  readonly serviceAccountMetadata?: Labelled;
  readonly roleMetadata?: Labelled;
  readonly roleBindingMetadata?: Labelled;
  readonly configSecretMetadata?: Labelled;
}
