import { t } from '@vscode/l10n';
import { formatAge } from '../base/duration.ts';
import { codeWords } from './code-words.ts';
import type { ObjectEvent } from '../trace/model.ts';

/** A pod of a runner that has failed. */
interface FailedPod {
  /** `exit 1`, `Evicted`, … */
  readonly code: string;
  readonly atUs: number;
}

/** Each failed pod of a runner, in order, from what the trace says of it. */
export function failedPods(events: Iterable<ObjectEvent>): FailedPod[] {
  const failed: FailedPod[] = [];
  for (const { trouble, at } of events) {
    if (trouble?.ended !== true) continue;
    const pod = { code: trouble.code, atUs: trouble.since ?? at };
    const last = failed.at(-1);
    if (last?.code !== pod.code || last.atUs !== pod.atUs) failed.push(pod);
  }
  return failed;
}

/** `exit 1 12 s ago, Evicted 3 s ago`. */
export function failedPodsText(failed: readonly FailedPod[], nowUs: number): string {
  return failed.map(({ code, atUs }) => t('{0} {1} ago', codeWords(code), formatAge(nowUs - atUs))).join(', ');
}
