import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import { firstAndLast, names, shortened, withNote, withStop } from '../words.ts';
import { adviceForError } from './error-advice.ts';

/** Refused for what the controller may do, or for what is missing beside the pod. */
const NOT_THE_TEMPLATE =
  /cannot \w+ resource|service ?account.* not found|admission webhook|denied the request|being terminated/i;

/** Pods that the API server rejects as invalid; quotas have their own finding. */
export const podRefused: Rule = (reading) => {
  const refused = withNote(reading, 'pod refused').filter(({ note }) => !note.text.includes('exceeded quota'));
  const first = refused[0];
  if (first === undefined) return [];
  const runners = refused.map(({ runner }) => runner);
  const why = reasonOf(first.note.text);
  return [
    {
      id: 'pod-refused',
      severity: 'error',
      sentence: withStop(
        counted(
          refused.length,
          t('The API server refused the pod of {0}: {1}', names(runners), shortened(why, 14)),
          t('The API server refused the pods of {0}: {1}', names(runners), shortened(why, 14)),
        ),
      ),
      details: [
        counted(
          refused.length,
          t('1 runner failed for good; a set counts it and does not replace it.'),
          t('{0} runners failed for good; a set counts them and does not replace them.', thousands(refused.length)),
        ),
      ],
      runners: runners.map(({ name }) => name),
      evidence: firstAndLast(first.note),
      confidence: 'sure',
      advice: NOT_THE_TEMPLATE.test(first.note.text)
        ? adviceForError(first.note.text)
        : t('Mend the pod template of the scale set (template.spec), then delete the failed runners.'),
      weightUs: 0,
    },
  ];
};

/** The part after the pod's name. */
function reasonOf(text: string): string {
  return text.replace(/^.*?\bis (?:invalid|forbidden): /, '') || t('the log does not say why');
}
