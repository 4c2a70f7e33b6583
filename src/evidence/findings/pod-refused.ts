import type { Rule } from '../finding.ts';
import { count, firstAndLast, names, shortened, withNote } from '../words.ts';

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
      sentence:
        `The API server refused the ${refused.length === 1 ? 'pod' : 'pods'} of ${names(runners)}: ${shortened(why, 14)}`.replace(
          /\.?$/,
          '.',
        ),
      details: [`${count(refused.length, 'runner')} failed for good; a set counts them and does not replace them.`],
      runners: runners.map(({ name }) => name),
      evidence: firstAndLast(first.note, first.note.text),
      confidence: 'sure',
      advice: 'Mend the pod template of the scale set (template.spec), then delete the failed runners.',
      weightUs: 0,
    },
  ];
};

/** The part after the pod's name. */
function reasonOf(text: string): string {
  return text.replace(/^.*?\bis (?:invalid|forbidden): /, '') || 'the log does not say why';
}
