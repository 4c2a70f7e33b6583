import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { systemProblem } from '../base/system-problem.ts';
import { presetNamed } from '../kubernetes/embedded/pod-presets.ts';
import { parseLife } from '../kubernetes/embedded/pods/parse-life.ts';
import type { PodLife } from '../kubernetes/embedded/pods/pod-life.ts';
import { planOf, type PodPlan } from '../kubernetes/embedded/pods/pod-plan.ts';
import { isPodFile } from './pod-file-name.ts';

/** Far more than a life needs; what is larger was not meant. */
const MOST_BYTES = 1_000_000;
/** Aliases that a file may use; with more of them a few lines stand for gigabytes. */
const MOST_ALIASES = 100;

/**
 * What a kubelet is to do with pods; undefined where none runs and they stay pending.
 * @param settings `pods` is a preset's name or a file; times without it ask for pods that nothing goes wrong with
 * @throws Error with a sentence when the file cannot be used
 */
export function podPlan(settings: {
  readonly pods: string | undefined;
  readonly podStartUs: number | undefined;
  readonly jobDurationUs: number | undefined;
}): PodPlan | undefined {
  const { pods } = settings;
  const isAsked = [pods, settings.podStartUs, settings.jobDurationUs].some((given) => given !== undefined);
  if (!isAsked || pods === 'none') return undefined;
  if (pods !== undefined && isPodFile(pods)) return planOf(readPodFile(pods), settings);
  const preset = presetNamed(pods ?? 'jobs');
  if (preset === undefined) return undefined;
  const { name: _name, ...document } = preset;
  return planOf(parseLife(document), settings);
}

/**
 * Reads lives of pods that a person wrote, as YAML or JSON.
 * @throws Error with a sentence that names the file, the place in it, and what would be right
 */
export function readPodFile(path: string): PodLife {
  try {
    const file = statSync(path);
    if (!file.isFile()) throw new Error('it is not a file');
    if (file.size > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES / 1e6} MB`);
    return parseLife(parse(readFileSync(path, 'utf8'), { logLevel: 'error', maxAliasCount: MOST_ALIASES }));
  } catch (error) {
    throw new Error(`${path} cannot be used for pods: ${reasonOf(error as Error)}`);
  }
}

function reasonOf(error: Error): string {
  if (error instanceof RangeError) return 'it is nested too deeply';
  return systemProblem(error).replace(/:$/, '');
}
