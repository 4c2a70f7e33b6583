import { t } from '@vscode/l10n';
import { runnersText, thousands } from '../../base/count-words.ts';
import type { EvidenceLine, Rule } from '../finding.ts';
import { clean } from '../clean.ts';
import { quotaCause } from '../quota-cause.ts';
import type { Reading } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import type { Repeated } from '../seen.ts';
import { firstAndLast, shortened, spanText, withNote, withoutPod } from '../words.ts';

const EXCEEDED = /exceeded quota: ([\w.-]+), requested: (.+?), used: (.+?), limited: ([^\s:;"]+)/;

/** A runner whose pod a quota has refused. */
interface Refused {
  readonly name: string;
  readonly text: string;
  readonly hasPod: boolean;
  readonly lastedUs: number;
  readonly evidence: readonly EvidenceLine[];
}

/** Pods that a resource quota refuses, with its arithmetic: by lines of a log or by events. */
export const quota: Rule = (reading) => {
  const inLog = refusedInLog(reading);
  const known = new Set(inLog.map(({ name }) => name));
  const all = [...inLog, ...refusedInEvents(reading).filter(({ name }) => !known.has(name))];
  const first = all.find(({ text }) => EXCEEDED.test(text)) ?? all[0];
  if (first === undefined) return [];
  const match = EXCEEDED.exec(first.text);
  const us = all.reduce((longest, { lastedUs }) => Math.max(longest, lastedUs), 0);
  const waiting = inLog.filter(({ hasPod }) => !hasPod).length;
  const who = runnersText(thousands(all.length));
  const cause = quotaCause(first.text);
  return [
    {
      id: 'quota',
      severity: 'error',
      sentence:
        match === null
          ? t('A resource quota refused the pods of {0}.', who)
          : t('Quota {0} refused the pods of {1}: {2}.', match[1] ?? '', who, shortened(sum(match), 12)),
      details: [
        ...(match === null ? [t('The log does not say which quota and by how much.')] : []),
        ...(us > 0 ? [t('It was tried for {0}.', spanText(reading, us))] : []),
        ...withoutPod(waiting),
      ],
      runners: all.map(({ name }) => name),
      evidence: first.evidence,
      confidence: 'sure',
      advice: t(
        "Raise the quota, lower the requests of the runner's containers, or set maxRunners to what fits. Up to ARC 0.13.0 such a runner fails for good and must be deleted by hand.",
      ),
      weightUs: us,
      ...(cause === undefined ? {} : { cause }),
    },
  ];
};

function refusedInLog(reading: Reading): Refused[] {
  const refused = new Map<RunnerHistory, Repeated>();
  for (const kind of ['quota', 'pod refused', 'error'] as const) {
    for (const { runner, note } of withNote(reading, kind)) {
      if (kind === 'quota' || EXCEEDED.test(note.text)) refused.set(runner, note);
    }
  }
  return [...refused].map(([{ name, hasPod }, note]) => ({
    ...{ name, hasPod, text: note.text },
    lastedUs: note.last.at.us - note.first.at.us,
    evidence: firstAndLast(note, note.text === '' ? t('the quota is exceeded') : note.text),
  }));
}

function refusedInEvents({ arcEvents }: Reading): Refused[] {
  return [...arcEvents.values()].flatMap(({ kind, name, events, seen }) => {
    const last = events.findLast(({ message = '' }) => EXCEEDED.test(message));
    if (kind !== 'EphemeralRunner' || last === undefined) return [];
    const text = clean(last.message ?? '');
    return [{ name, text, hasPod: false, lastedUs: 0, evidence: [{ at: seen, says: text }] }];
  });
}

/** `used pods=1 + requested pods=1 > 1`; of several resources each keeps its name. */
function sum([, , requested = '', used = '', limited = '']: RegExpExecArray): string {
  return t(
    'used {0} + requested {1} > {2}',
    used,
    requested,
    limited.includes(',') ? limited : limited.replace(/^[\w./-]+=/, ''),
  );
}
