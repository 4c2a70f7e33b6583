import { readdirSync, readFileSync } from 'node:fs';
import type { EphemeralRunnerSet } from '../../src/kubernetes/types.ts';
import type { FinalState, RecordedRequest, Recording, ScriptStep } from './recording.ts';

/** Recordings in which two controllers work beside one another: that of a set, and that of its runners. */
export interface SetRun {
  readonly requests: readonly RecordedRequest[];
}

export interface SetFinalState extends FinalState {
  readonly set: readonly object[];
}

export interface SetModeRecording extends SetRun {
  readonly final: SetFinalState;
  readonly finalVariants?: readonly SetFinalState[];
  readonly variants: readonly SetRun[];
}

export interface SetRecording {
  readonly scenario: string;
  readonly input: Omit<Recording['input'], 'ephemeralRunner' | 'podScript'> & {
    readonly ephemeralRunner: EphemeralRunnerSet;
    readonly podScript: Partial<Record<string, readonly ScriptStep[]>>;
  };
  readonly modes: Partial<Record<string, SetModeRecording>>;
}

/** Upstream hashes Go's own dump of the spec, with the port of each run's service in it. */
const INTEGRITY_HASH = /("actions.github.com\/integrity-hash":)"[^"]+"/g;

const FOLDER = new URL('./set-recordings/', import.meta.url);

/** Every recording of one set in the folder; a further file put there is compared like the others. */
export function loadSetRecordings(): SetRecording[] {
  return readdirSync(FOLDER)
    .map((file) => readFileSync(new URL(file, FOLDER), 'utf8').replaceAll(INTEGRITY_HASH, '$1"<hash>"'))
    .map((text) => JSON.parse(text) as SetRecording);
}

/** Every run that was recorded of a mode. */
export function runsOf(recorded: SetModeRecording): readonly SetRun[] {
  return [recorded, ...recorded.variants];
}
