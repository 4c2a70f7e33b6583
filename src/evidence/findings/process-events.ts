import { t } from '@vscode/l10n';
import { addTo } from '../../base/group.ts';
import { namesInWords, timesText } from '../../base/count-words.ts';
import type { Finding, Rule } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { sameWords } from '../same-words.ts';
import { clock, shortened, spanBetween, withStop } from '../words.ts';

type ProcessEvent = Reading['processEvents'][number];

const SHOWN = 3;
const LEASE = /lease|leader election/i;
const NO_LIST = /wait(?:ing)? for .*cache/i;
/** A process that ends says why in several lines. */
const ONE_END_US = 10e6;
const NO_ANSWER = /deadline|timed out|timeout|connection refused|EOF/i;

/** The controller lost its lease, crashed, or could not start: what came several times is one finding. */
export const processEvents: Rule = (reading) => {
  const groups = new Map<string, ProcessEvent[]>();
  let before: ProcessEvent | undefined;
  for (const event of reading.processEvents) {
    const { text, at, panicOf } = event;
    // A list that does not come has a finding of its own, which says why.
    if (/became leader/i.test(text) || (NO_LIST.test(text) && reading.failedLists.size > 0)) continue;
    const isLease = LEASE.test(text);
    const isSameEnd = isLease && before !== undefined && at.at.us - before.at.at.us < ONE_END_US;
    if (isLease) before = event;
    if (isSameEnd) continue;
    const key = isLease ? 'lease' : `${panicOf ?? ''} ${sameWords(text, '')}`;
    addTo(groups, key, event);
  }
  return [...groups].slice(0, SHOWN).map(([key, events]) => finding(reading, events, key === 'lease'));
};

function finding(reading: Reading, events: readonly ProcessEvent[], isLease: boolean): Finding {
  const [{ text, panicOf, at }] = events as [ProcessEvent, ...ProcessEvent[]];
  const last = events.at(-1)?.at ?? at;
  const times = events.length === 1 ? '' : ` ${timesText(events.length)}`;
  const short = shortened(text, 14);
  return {
    id: 'process-event',
    severity: 'error',
    sentence: withStop(
      panicOf === undefined
        ? t('The controller itself stopped or failed{0}: {1}', times, short)
        : t('A pass of {0} panicked{1}: {2}', panicOf, times, short),
    ),
    details: [
      t('At {0}.', namesInWords(events.map((event) => clock(event.at)))),
      ...(isLease ? events.flatMap((event) => withoutWorkers(reading, event)) : []),
    ],
    runners: [],
    evidence: events.length === 1 ? [{ at, says: text }] : [at, last].map((seen) => ({ at: seen, says: text })),
    confidence: 'sure',
    advice: adviceFor(reading, panicOf, isLease),
    weightUs: Math.max(1e6, last.at.us - at.at.us),
  };
}

/** Until when nobody worked after it. */
function withoutWorkers({ processes, ...reading }: Reading, { at }: ProcessEvent): string[] {
  const next = processes
    .map(({ workers, firstRunnerLine, start }) => workers?.at ?? firstRunnerLine ?? start)
    .find((seen) => seen !== undefined && seen.at.us > at.at.us);
  if (next === undefined) return [];
  const span = spanBetween({ processes, ...reading }, at, next);
  return [t('No controller worked from {0} to {1}, for {2}.', clock(at), clock(next), span)];
}

function adviceFor(reading: Reading, panicOf: string | undefined, isLease: boolean): string {
  if (panicOf !== undefined) {
    return t(
      "A panic is a bug of the controller's release: search for its words in the issues of actions-runner-controller; the lines that follow it name the place.",
    );
  }
  const isNoAnswer = reading.processEvents.some((event) => LEASE.test(event.text) && NO_ANSWER.test(event.text));
  if (isLease && isNoAnswer) {
    return t(
      'The API server did not answer in time, so the controller ended and started again: look at the API server and etcd at these times, and at the load of its own node.',
    );
  }
  return t('Look at its restarts and its previous log: kubectl logs --previous.');
}
