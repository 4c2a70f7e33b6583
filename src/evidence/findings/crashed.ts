import { t } from '@vscode/l10n';
import { namesInWords, timesText } from '../../base/count-words.ts';
import { groupBy } from '../../base/group.ts';
import type { Finding, Rule } from '../finding.ts';
import type { Crash, Reading } from '../reading.ts';
import { sameWords } from '../same-words.ts';
import type { Seen } from '../seen.ts';
import { clock, shortened, spanBetween, withStop } from '../words.ts';

const NO_MEMORY = /out of memory|cannot allocate memory/i;
/** Somebody outside ended the program and asked for its stacks. */
const ASKED = /^SIG(?:QUIT|ABRT|TERM|INT)\b/;

/** A controller or listener whose program died: Go wrote an error and the stacks of its goroutines, and then nothing more. */
export const crashed: Rule = (reading) => {
  if (reading.stranger !== undefined) return [];
  const groups = groupBy(reading.crashes, ({ text, isListeners }) => `${isListeners} ${sameWords(text, '')}`);
  return [...groups.values()].map((group) => finding(reading, group as [Crash, ...Crash[]]));
};

function finding(reading: Reading, group: readonly [Crash, ...Crash[]]): Finding {
  const [{ text, at, isListeners }] = group;
  const last = group.at(-1)?.at ?? at;
  const short = withStop(shortened(text, 12));
  const times = timesText(group.length);
  const when = clock(last);
  const next = isListeners ? undefined : workAfter(reading, last);
  const one = isListeners
    ? t('The listener crashed at {0}: {1}', when, short)
    : t('The controller crashed at {0}: {1}', when, short);
  const several = isListeners
    ? t('The listener crashed {0}, last at {1}: {2}', times, when, short)
    : t('The controller crashed {0}, last at {1}: {2}', times, when, short);
  return {
    id: 'crashed',
    severity: 'error',
    sentence: group.length === 1 ? one : several,
    details: [
      ...(group.length === 1 ? [] : [t('At {0}.', namesInWords(group.map((crash) => clock(crash.at))))]),
      ...(isListeners ? [] : afterwards(reading, last, next)),
    ],
    runners: [],
    evidence: group.length === 1 ? [{ at, says: text }] : [at, last].map((seen) => ({ at: seen, says: text })),
    confidence: 'sure',
    advice: adviceFor(text, last),
    // Nobody works until it is started again: that comes before whatever else took time.
    weightUs: next === undefined ? reading.latestUs : Math.max(1e6, next.at.us - last.at.us),
  };
}

/** When a controller began to work again. */
function workAfter({ processes }: Reading, last: Seen): Seen | undefined {
  return processes
    .map(({ workers, firstRunnerLine, start }) => workers?.at ?? firstRunnerLine ?? start)
    .find((seen) => isAfter(seen, last));
}

function isAfter(seen: Seen | undefined, { source, line, at }: Seen): boolean {
  return seen !== undefined && (seen.source === source ? seen.line > line : seen.at.us > at.us);
}

function afterwards(reading: Reading, last: Seen, next: Seen | undefined): string[] {
  if (next !== undefined) {
    const span = spanBetween(reading, last, next);
    return [t('No controller worked from {0} to {1}, for {2}.', clock(last), clock(next), span)];
  }
  // Lines of another controller may follow.
  if (isAfter(reading.lastControllerLine, last)) return [];
  return [t('The log ends with it. Nothing happens to runners until the controller has started again.')];
}

function adviceFor(text: string, { line }: Seen): string {
  if (NO_MEMORY.test(text)) {
    return t('It had no memory left: raise resources.limits.memory in the values of its chart.');
  }
  if (ASKED.test(text)) {
    return t('Something outside ended it by a signal: read kubectl describe pod and the events of its node.');
  }
  return t(
    'This is a bug of its release: search for these words in the issues of actions-runner-controller. Report it with the stack from line {0} on; after a restart kubectl logs --previous prints it.',
    line,
  );
}
