import type { Finding, Rule } from '../finding.ts';
import type { Repeated, Reading, RunnerHistory } from '../reading.ts';
import { count, firstAndLast, names, shortened, spanText, withNote, times } from '../words.ts';

/** Passes that end with the same kind of error, once or again and again. */
export const repeatedErrors: Rule = (reading) => {
  const heldCalls = new Set(reading.longSteps.map(({ error }) => error));
  const byKind = new Map<string, { readonly runners: RunnerHistory[]; readonly notes: Repeated[] }>();
  for (const { runner, note } of withNote(reading, 'error')) {
    const kind = kindOf(note.text, runner.name);
    // What has its own finding, and a stale copy that the next pass repairs.
    const isTold = runner.notes.has('pod refused') || runner.notes.has('quota') || heldCalls.has(note.text);
    if (isTold || (isHarmless(kind) && note.count < 4)) continue;
    const group = byKind.get(kind) ?? { runners: [], notes: [] };
    group.runners.push(runner);
    group.notes.push(note);
    byKind.set(kind, group);
  }
  const ofRunners = [...byKind].map(([kind, { runners, notes }]) => ofKind(reading, kind, runners, notes));
  const ofOthers = [...reading.otherErrors].flatMap(([object, note]) =>
    isHarmless(note.text) && note.count < 4 ? [] : [ofOther(reading, object, note)],
  );
  return [...ofRunners, ...ofOthers];
};

function ofKind(
  reading: Reading,
  kind: string,
  runners: readonly RunnerHistory[],
  notes: readonly Repeated[],
): Finding {
  const total = notes.reduce((sum, note) => sum + note.count, 0);
  const worst = [...notes].sort((a, b) => b.count - a.count)[0] as Repeated;
  const firstUs = notes.reduce((least, { first }) => Math.min(least, first.at.us), Number.POSITIVE_INFINITY);
  const lastUs = notes.reduce((most, { last }) => Math.max(most, last.at.us), 0);
  const isOver = runners.every((runner) => runner.pods > 0 || runner.milestones.has('deleted'));
  return {
    id: 'repeated-errors',
    severity: isOver && total < 10 ? 'warning' : 'error',
    sentence:
      `Passes of ${runners.length <= 2 ? names(runners) : count(runners.length, 'runner')} failed ${times(total)}${lastUs > firstUs ? ` over ${spanText(reading, lastUs - firstUs)}` : ''}: ${shortened(kind, 12)}`.replace(
        /\.?$/,
        '.',
      ),
    details:
      total > runners.length ? ['Each failure doubles the wait before the next pass, 5 ms up to 17 minutes.'] : [],
    runners: runners.map(({ name }) => name),
    evidence: firstAndLast(worst, worst.text),
    confidence: 'sure',
    advice: adviceFor(kind),
    weightUs: isOver && total < 10 ? 0 : lastUs - firstUs,
  };
}

function ofOther(reading: Reading, object: string, note: Repeated): Finding {
  const us = note.last.at.us - note.first.at.us;
  return {
    id: 'repeated-errors',
    severity: note.count > 3 ? 'error' : 'warning',
    sentence:
      `Passes of ${object} failed ${times(note.count)}${us > 0 ? ` over ${spanText(reading, us)}` : ''}: ${shortened(note.text, 12)}`.replace(
        /\.?$/,
        '.',
      ),
    details: [],
    runners: [],
    evidence: firstAndLast(note, note.text),
    confidence: 'sure',
    advice: adviceFor(note.text),
    weightUs: note.count > 3 ? us : 0,
  };
}

/** The same error of different runners is one kind. */
function kindOf(text: string, name: string): string {
  return text
    .replaceAll(name, 'NAME')
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, 'UUID')
    .replace(/\b\d{4,}\b/g, 'N');
}

function isHarmless(error: string): boolean {
  return (
    error.includes('the object has been modified') || error.includes('not found') || error.includes('already exists')
  );
}

function adviceFor(error: string): string {
  if (/secret.*not found/i.test(error))
    return 'Create the secret that githubConfigSecret names, in the namespace of the runners.';
  if (/\b401\b|Unauthorized|Bad credentials/i.test(error))
    return 'Renew the token or the key of the GitHub App in the secret that githubConfigSecret names.';
  if (/\b403\b|forbidden/i.test(error))
    return 'See what the message names: a right of the controller, a policy, or a permission of the GitHub App.';
  if (/timeout|deadline|connection refused|no such host|EOF|TLS|x509/i.test(error))
    return 'Look at the way from the controller to that host: DNS, proxy, certificates, network policies.';
  if (/\b5\d\d\b|giving up after/i.test(error)) return 'The service failed; look at githubstatus.com for that time.';
  return 'Search for the message in the issues of actions-runner-controller; it says what the pass could not do.';
}
