import type { SecretRegistry } from '../base/redact.ts';
import { visibleText } from '../base/visible-text.ts';
import { connectionTeller } from '../explain/connection-words.ts';
import { traceExporter } from '../export/trace.ts';
import { watchJson, watchText } from '../report/watch-text.ts';
import { TraceFile } from '../trace/trace-file.ts';
import { ClusterWatch, type WatchState } from '../watch/cluster-watch.ts';
import { reachCluster } from '../watch/reach.ts';
import { watchSentence } from '../watch/watch-sentence.ts';
import { aborted } from './aborted.ts';
import { duration, parse, textOf } from './options.ts';
import { ownOutput } from './output.ts';
import { UsageError } from './usage.ts';

/** How far back logs are read at first. */
const SINCE = '10m';
/** A terminal shows what is now; what is kept as lines says what has changed, and looks less often. */
const LOOK_MS = 1_000;
/** Looking takes at most this part of the time. */
const SHARE = 0.1;
const CLEAR = '\u001b[H\u001b[J';

/** `arc-lab watch` */
export async function watch(
  args: readonly string[],
  out: NodeJS.WriteStream,
  signal: AbortSignal,
  secrets: SecretRegistry,
): Promise<void> {
  const values = parse(args, ['kubeconfig', 'context', 'namespace', 'since', 'out'], ['json']);
  const sinceS = Math.round(duration('since', textOf(values, 'since') ?? SINCE) / 1e6);
  if (sinceS < 1) throw new UsageError('--since must be at least 1s');
  const [kubeconfig, context, namespace] = ['kubeconfig', 'context', 'namespace'].map((name) => textOf(values, name));
  const say = (line: string): void => void process.stderr.write(`arc-lab: ${visibleText(secrets.redact(line))}\n`);
  const outFile = textOf(values, 'out');
  const traceFile = outFile === undefined ? undefined : new TraceFile(ownOutput('out', outFile, traceExporter), say);
  const reach = await reachCluster({ kubeconfig, context, namespace }, secrets, signal);
  const watching = new ClusterWatch({
    ...{ reach, secrets, sinceS },
    onConnection: connectionTeller(() => reach.contextName, say),
    onTraceEvent: () => traceFile?.grown(),
    onStartOver: (trace) => traceFile?.goOnIn(trace),
  });
  const over = aborted(signal);
  try {
    const where = reach.namespace === '' ? 'all namespaces' : `namespace ${reach.namespace}`;
    say(`watching ${where} of ${reach.contextName}, nothing is changed; Ctrl-C ends`);
    await Promise.race([watching.whenRead(), over]);
    traceFile?.begin(watching.trace, () => watching.nowUs());
    await show(watching, printerOf(values['json'] === true, watching, out), signal, over);
  } finally {
    watching.dispose();
    traceFile?.close();
  }
}

/** Looks again and again until the signal comes. */
async function show(
  watching: ClusterWatch,
  print: (state: WatchState) => void,
  signal: AbortSignal,
  over: Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const startedMs = performance.now();
    print(watching.state());
    const tookMs = performance.now() - startedMs;
    let timer: NodeJS.Timeout | undefined;
    const pause = new Promise((resolve) => (timer = setTimeout(resolve, Math.max(LOOK_MS, tookMs / SHARE))));
    await Promise.race([pause, over]);
    clearTimeout(timer);
  }
}

function printerOf(isJson: boolean, watching: ClusterWatch, out: NodeJS.WriteStream): (state: WatchState) => void {
  const { table } = watching;
  const startMs = Date.parse(watching.trace.header.start);
  if (isJson) return onChange(out, (state) => watchJson(state, table, startMs));
  if (out.isTTY) return (state) => void out.write(`${CLEAR}${watchText(state, table)}\n`);
  const timeOf = ({ atUs }: WatchState): string => new Date(startMs + atUs / 1000).toISOString().slice(11, 19);
  return onChange(out, (state) => `${timeOf(state)}  ${watchText(state, table)}\n`);
}

/** Prints when something is different, and not for each second that goes by. */
function onChange(out: NodeJS.WriteStream, textOf: (state: WatchState) => string): (state: WatchState) => void {
  let before = '';
  return (state) => {
    const { phases, waiting, heldForLong, unseen, logs, connection } = state;
    const held = heldForLong.map(({ runner, what, sinceUs }) => [runner, what, sinceUs]);
    const sentence = watchSentence(state).replaceAll(/\d+/g, '');
    const now = JSON.stringify([sentence, [...phases], waiting, held, unseen, logs, connection.state]);
    if (now === before) return;
    before = now;
    out.write(`${textOf(state)}\n`);
  };
}
