import { t } from '@vscode/l10n';
import { visibleText } from '../base/visible-text.ts';
import { EphemeralRunners, Pods } from '../kubernetes/resource.ts';
import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import type { Controllers } from '../runtime/controllers.ts';
import { withReason } from '../problems/code-words.ts';
import { podTrouble } from '../problems/pod-trouble.ts';
import { wordsOf } from '../problems/pod-trouble-words.ts';

/** A runner and its pod as the caches showed them. */
interface SeenRunner {
  readonly runner: EphemeralRunner;
  readonly pod: Pod | undefined;
}

/**
 * What the caches showed when a session attached. Reconciling changes it, in shadow too: a runner whose pod is missing
 * gets another one at once, and what was wrong can be seen here alone.
 */
export class AtAttach {
  readonly #controllers: Controllers;
  readonly #redact: (text: string) => string;
  readonly #seen = new Map<string, SeenRunner>();
  #atMs: number | undefined;

  /**
   * @param nowMs wall-clock time in milliseconds since 1970
   * @param redact clears a text of credentials
   */
  constructor(controllers: Controllers, nowMs: () => number, redact: (text: string) => string) {
    this.#controllers = controllers;
    this.#redact = redact;
    controllers.whenSynced(() => {
      this.#atMs = nowMs();
      for (const [key] of controllers.caches.of(EphemeralRunners).entries()) {
        const state = stateIn(controllers, key);
        if (state !== undefined) this.#seen.set(key, state);
      }
    });
  }

  /** When the caches were complete, in milliseconds since 1970; undefined before. */
  get atMs(): number | undefined {
    return this.#atMs;
  }

  /** What was there of the runner; undefined for one that came later. */
  of(key: string): SeenRunner | undefined {
    return this.#seen.get(key);
  }

  /** What was there of the runner, in words, where it is no longer so; otherwise empty. */
  changedSince(key: string): string {
    const then = this.#seen.get(key);
    const now = stateIn(this.#controllers, key);
    if (then === undefined || this.#atMs === undefined) return '';
    const text = stateText(then);
    return now !== undefined && stateText(now) === text ? '' : this.#redact(text);
  }
}

/** A runner's state at the attach, with the time; empty while the runner is still in that state. */
export function attachSentence(atAttach: AtAttach | undefined, key: string): string {
  const text = atAttach?.changedSince(key) ?? '';
  if (text === '' || atAttach?.atMs === undefined) return '';
  return t('When this session attached, at {0}: {1}.', utcTime(new Date(atAttach.atMs).toISOString()), text);
}

/** What the caches show of a runner now; undefined when they do not have it. */
export function stateIn(controllers: Controllers, key: string): SeenRunner | undefined {
  const runner = controllers.caches.of(EphemeralRunners).get(key);
  return runner === undefined ? undefined : { runner, pod: controllers.caches.of(Pods).get(key) };
}

/** For example `Running without a pod, job 77120 assigned, one failure at 07:00:12 UTC on 2026-03-02`. */
export function stateText({ runner, pod }: SeenRunner): string {
  const { phase, reason = '', message = '', jobRequestId = 0, jobDisplayName = '', failures } = runner.status ?? {};
  const why = [reason, message].filter((part) => part !== '').join(': ');
  const job = jobDisplayName === '' ? String(jobRequestId) : `${jobRequestId} (${jobDisplayName})`;
  const parts = [
    phaseText(phase, pod, why),
    runner.metadata.deletionTimestamp === undefined ? '' : t('being deleted'),
    jobRequestId > 0 ? t('job {0} assigned', job) : '',
    failuresText(Object.values(failures ?? {})),
    pod === undefined ? '' : podText(pod, runner),
  ];
  return visibleText(parts.filter((part) => part !== '').join(', '));
}

function phaseText(phase: string | undefined, pod: Pod | undefined, why: string): string {
  let text = phase ?? t('no status yet');
  // A pod that is missing is remarkable where there has to be one.
  if (pod === undefined && phase === 'Running') text = t('{0} without a pod', text);
  else if (pod === undefined && phase !== 'Succeeded' && phase !== 'Failed') text = t('{0}, no pod', text);
  return why === '' ? text : `${text}: ${why}`;
}

/** @param times when each was counted, where the version of ARC notes that */
function failuresText(times: readonly unknown[]): string {
  const last = times
    .filter((time) => typeof time === 'string')
    .sort()
    .at(-1);
  const at = last === undefined ? '' : utcTime(last);
  if (times.length === 0) return '';
  if (times.length === 1) return at === '' ? t('one failure') : t('one failure at {0}', at);
  return at === '' ? t('{0} failures', times.length) : t('{0} failures, the last at {1}', times.length, at);
}

/** @param time RFC 3339, in UTC as Kubernetes writes it */
function utcTime(time: string): string {
  return t('{0} UTC on {1}', time.slice(11, 19), time.slice(0, 10));
}

function podText(pod: Pod, runner: EphemeralRunner): string {
  const phase = t('pod {0}', pod.status?.phase ?? 'Pending');
  const trouble = podTrouble(pod, runner, 0);
  if (trouble === undefined) return phase;
  const { code, message = '' } = trouble;
  const { what } = wordsOf(trouble);
  const named = withReason(what, code);
  return `${phase}: ${message === '' ? named : `${named}: ${message}`}`;
}
