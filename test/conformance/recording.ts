import { readdirSync, readFileSync } from 'node:fs';
import type { ScriptedAnswer } from '../../src/actions/embedded-service.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import type { EphemeralRunner, PodStatus } from '../../src/kubernetes/types.ts';

/** The recordings of the real controllers: what each scenario put in and which requests came out. */
export interface RecordedRequest {
  readonly via: 'k8s' | 'actions';
  readonly verb?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly code?: number;
  readonly query?: string;
  readonly body?: unknown;
  readonly kind?: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly auth?: string;
}

export interface ReconcileCounts {
  readonly success: number;
  readonly requeue: number;
  readonly requeue_after: number;
  readonly error: number;
}

export interface ScriptStep {
  readonly at: string;
  readonly do: string;
  readonly body?: PodStatus;
}

export interface FinalState {
  readonly runners: Readonly<
    Record<string, { finalizers: readonly string[]; deletionRequested: boolean; status: Record<string, unknown> }>
  >;
  readonly pods: readonly string[];
  readonly secrets: readonly string[];
}

export interface ModeRecording {
  readonly requests: readonly RecordedRequest[];
  readonly reconciles: ReconcileCounts;
  readonly final: FinalState;
  readonly tMs: readonly number[];
  readonly managerFlags: readonly string[];
  readonly runs: number;
  /** How many of the runs made the same writes and calls. */
  readonly writesStableOver: number;
  readonly variants?: readonly {
    readonly requests: readonly RecordedRequest[];
    readonly reconciles: ReconcileCounts;
  }[];
  readonly reconcileVariants?: readonly ReconcileCounts[];
}

export interface Recording {
  readonly scenario: string;
  readonly input: {
    readonly ephemeralRunner: EphemeralRunner | readonly EphemeralRunner[];
    readonly actionsService: {
      readonly scripted: readonly Readonly<Record<string, unknown>>[];
      readonly defaults: {
        readonly jitMs: number;
        readonly otherMs: number;
        readonly deleteOfUnknownRunner: 204 | 404;
      };
    };
    readonly timing: string;
    readonly workers: number;
    readonly podScript?: Partial<Record<string, readonly ScriptStep[]>>;
  };
  readonly modes: Partial<Record<string, ModeRecording>>;
}

const FOLDER = new URL('./recordings/', import.meta.url);

/** Every one-burst recording in the folder; a further file put there is compared like the others. */
export function loadRecordings(): Recording[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Recording & { results?: unknown })
    .filter((recording) => recording.results === undefined);
}

/** Each recording with each mode that it has of those that there are. */
export function playable(): { readonly recording: Recording; readonly mode: string }[] {
  return loadRecordings().flatMap((recording) =>
    Object.keys(recording.modes)
      .filter((mode) => RELEASES.all.some(({ id, versions }) => id === mode || versions.includes(mode)))
      .map((mode) => ({ recording, mode })),
  );
}

/** The runners of a scenario as they were given. */
export function runnersOf(recording: Recording): readonly EphemeralRunner[] {
  const given = recording.input.ephemeralRunner;
  return Array.isArray(given) ? (given as EphemeralRunner[]) : [given as EphemeralRunner];
}

/** Names of all runners that were reconciled: those given, and others made like them. */
export function runnerNames(recording: Recording, mode: string): string[] {
  const names = new Set(runnersOf(recording).map(({ metadata }) => metadata.name));
  for (const { via, resource, name } of recording.modes[mode]?.requests ?? []) {
    if (via === 'k8s' && resource === 'ephemeralrunners' && name !== undefined) names.add(name);
  }
  return [...names].sort();
}

const TYPE_NAMES = 'GitHub.DistributedTask.WebApi';

/** What the service was told to answer, per operation. */
export function scriptOf(recording: { readonly input: Pick<Recording['input'], 'actionsService'> }): {
  answers: Record<string, ScriptedAnswer[]>;
  preregistered: { name: string; id: number; runnerScaleSetId: number }[];
} {
  const answers: Record<string, ScriptedAnswer[]> = {};
  const preregistered: { name: string; id: number; runnerScaleSetId: number }[] = [];
  for (const entry of recording.input.actionsService.scripted) {
    for (const [operation, script] of Object.entries(entry)) {
      if (operation === 'preregistered') preregistered.push(script as (typeof preregistered)[number]);
      else answers[operation] = Array.isArray(script) ? (script as ScriptedAnswer[]) : [inWords(String(script))];
    }
  }
  return { answers, preregistered };
}

const NUMBERS: Readonly<Record<string, number>> = {
  always: Infinity,
  once: 1,
  twice: 2,
  'two times': 2,
  'three times': 3,
  'four times': 4,
  'five times': 5,
  'six times': 6,
};

/** Scripts like `six times 400` and `always 401`. */
function inWords(text: string): ScriptedAnswer {
  const match = /^(.*) (\d{3})$/.exec(text.trim());
  const times = NUMBERS[match?.[1] ?? ''];
  if (match === null || times === undefined) throw new Error(`the script ${JSON.stringify(text)} is not understood`);
  const body = { typeName: `${TYPE_NAMES}.ScriptedException, ${TYPE_NAMES}`, message: 'as scripted' };
  return { status: Number(match[2]), times, body };
}
