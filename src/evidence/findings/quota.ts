import { t } from '@vscode/l10n';
import { counted, runnersText, thousands } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import type { RunnerHistory } from '../runner-history.ts';
import type { Repeated } from '../seen.ts';
import { firstAndLast, shortened, spanText, withNote } from '../words.ts';

const EXCEEDED = /exceeded quota: ([\w.-]+), requested: (.+?), used: (.+?), limited: ([^\s:;"]+)/;

/** Pods that a resource quota refuses, with its arithmetic. */
export const quota: Rule = (reading) => {
  const refused = new Map<RunnerHistory, Repeated>();
  for (const kind of ['quota', 'pod refused', 'error'] as const) {
    for (const { runner, note } of withNote(reading, kind)) {
      if (kind === 'quota' || EXCEEDED.test(note.text)) refused.set(runner, note);
    }
  }
  const all = [...refused.values()];
  const note = all.find(({ text }) => EXCEEDED.test(text)) ?? all[0];
  if (note === undefined) return [];
  const match = EXCEEDED.exec(note.text);
  const runners = [...refused.keys()];
  const waiting = runners.filter((runner) => !runner.hasPod);
  const us = all.reduce((longest, { first, last }) => Math.max(longest, last.at.us - first.at.us), 0);
  const fix = t("Raise the quota, lower the requests of the runner's containers, or set maxRunners to what fits.");
  const upTo = t('Up to ARC 0.13.0 such a runner fails for good and must be deleted by hand.');
  return [
    {
      id: 'quota',
      severity: 'error',
      sentence:
        match === null
          ? t('A resource quota refused the pods of {0}.', runnersText(thousands(refused.size)))
          : t(
              'Quota {0} refused the pods of {1}: {2}.',
              match[1] ?? '',
              runnersText(thousands(refused.size)),
              shortened(sum(match), 12),
            ),
      details: [
        ...(match === null ? [t('The log does not say which quota and by how much.')] : []),
        ...(us > 0 ? [t('It was tried for {0}.', spanText(reading, us))] : []),
        ...(waiting.length === 0
          ? []
          : [
              counted(
                waiting.length,
                t('1 runner has no pod in this log.'),
                t('{0} runners have no pod in this log.', thousands(waiting.length)),
              ),
            ]),
      ],
      runners: runners.map(({ name }) => name),
      evidence: firstAndLast(note, note.text === '' ? t('the quota is exceeded') : note.text),
      confidence: 'sure',
      advice: [fix, ...(match === null ? [] : [t('Quota {0}: {1}.', match[1] ?? '', sum(match))]), upTo].join(' '),
      weightUs: us,
    },
  ];
};

/** `used pods=1 + requested pods=1 > 1`; of several resources each keeps its name. */
function sum([, , requested = '', used = '', limited = '']: RegExpExecArray): string {
  return t(
    'used {0} + requested {1} > {2}',
    used,
    requested,
    limited.includes(',') ? limited : limited.replace(/^[\w./-]+=/, ''),
  );
}
