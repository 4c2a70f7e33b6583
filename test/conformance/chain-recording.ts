import { readdirSync, readFileSync } from 'node:fs';
import type { AutoscalingRunnerSet } from '../../src/kubernetes/scale-set-types.ts';

/** Recordings of the whole chain: the four controllers, the listener, and a kubelet and service that were scripted. */
export interface ChainRequest {
  readonly tMs: number;
  /** Which controller it was, or `listener`; inferred where `byGuess` says so. */
  readonly by: string;
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly code: number;
  readonly body?: unknown;
}

export interface ChainCall {
  readonly tMs: number;
  readonly by: string;
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body?: unknown;
}

/** What user, kubelet and service did. */
export interface DriverStep {
  readonly tMs: number;
  readonly do: string;
  readonly pod?: string;
  readonly body?: unknown;
}

export interface ChainRun {
  readonly requests: readonly ChainRequest[];
  readonly actions: readonly ChainCall[];
  readonly final: ChainFinal;
}

export interface RecordedChainRun extends ChainRun {
  readonly driver: readonly DriverStep[];
}

interface FinalObject {
  readonly name: string;
  readonly finalizers?: readonly string[];
  readonly deletionRequested?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly replicas?: number;
  readonly patchID?: number;
  readonly image?: string;
  readonly phase?: string;
}

/** What was there in the end. */
export interface ChainFinal {
  readonly autoscalingRunnerSets: readonly FinalObject[];
  readonly ephemeralRunnerSets: readonly FinalObject[];
  readonly autoscalingListeners: readonly FinalObject[];
  readonly ephemeralRunners: readonly FinalObject[];
  readonly pods: readonly FinalObject[];
  readonly listenerPods: readonly FinalObject[];
  readonly secrets: readonly string[];
  readonly systemSecrets: readonly string[];
  readonly roles: readonly string[];
  readonly roleBindings: readonly string[];
  readonly serviceAccounts: readonly string[];
}

export interface ChainRecording {
  readonly scenario: string;
  readonly input: {
    readonly autoscalingRunnerSet: AutoscalingRunnerSet;
    readonly actionsService: { readonly jitMs: number; readonly otherMs: number; readonly pollMs: number };
    readonly kubelet: KubeletTimes;
  };
  readonly modes: Partial<Record<string, { readonly runs: readonly RecordedChainRun[] }>>;
}

/** How long the scripted kubelet took for each step, in milliseconds. */
export interface KubeletTimes {
  readonly bindMs: number;
  readonly creatingMs: number;
  readonly startMs: number;
  readonly connectMs: number;
  readonly exitMs: number;
  readonly termMs: number;
  readonly listenerStartMs: number;
}

const FOLDER = new URL('./chain-recordings/', import.meta.url);

/** Every recording in the folder; a further file put there is compared like the others. */
export function loadChainRecordings(): ChainRecording[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as ChainRecording);
}
