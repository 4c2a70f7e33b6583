import { accuracyPage } from '../advice/accuracy-page.ts';
import { advise as adviseOn, type Advice, type AdviceListener } from '../advice/advise.ts';
import type { Objective } from '../advice/objective.ts';
import type { Outcome } from '../advice/outcome.ts';
import { basisOf } from '../advice/recorded.ts';
import { Simulator } from '../advice/simulator.ts';
import type { FittedLoad } from '../fit/fitted-load.ts';
import { adviceWriter, barText, type AdviceForm } from '../report/advice-text.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { SimulationCancelled } from '../run/simulation-errors.ts';
import { SimulationPool } from '../run/simulation-pool.ts';
import { CHANGES, givenFlags, modeNotes, modeOf } from './modes.ts';
import {
  count,
  horizonUs,
  parseMixed,
  positiveDuration,
  seedsIn,
  SHARED,
  singleSettings,
  textOf,
  type Values,
} from './options.ts';
import { withSeenLatency } from './seen-latency.ts';
import type { RunSettings } from '../run/settings.ts';
import { InterruptedError, UsageError } from './usage.ts';

/** What is advised on where no number of runners is given. */
const RUNNERS = 100;
const SEEDS = 5;
const USUAL_COLUMNS = 80;
/** To the beginning of the line, which becomes empty. */
const CLEAR = '\r\u001b[K';
/** Fewer lives of runners than these are done before threads have started. */
const FEW_RUNNERS = 10;

/** `arc-lab advise` */
export async function advise(args: readonly string[], out: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  const settingNames = [...SHARED, ...CHANGES];
  const { values: options, positionals } = parseMixed(
    args,
    [...settingNames, 'mode', 'p95', 'last', 'max-api-rate', 'seeds', 'horizon'],
    ['json', 'flags'],
  );
  const values = await withSeenLatency(options, signal);
  const objective = objectiveIn(values);
  const seeds = seedsIn(values) ?? SEEDS;
  const given = settingNames.find((name) => values[name] !== undefined);
  if (positionals.length > 0 && given !== undefined) {
    throw new UsageError(`--${given} is taken from the log; leave it out, or leave out the log`);
  }
  const asked =
    positionals.length > 0
      ? await (await import('./advised-log.ts')).advisedLog(positionals, textOf(values, 'mode'), signal)
      : { ...fromOptions(values), source: [] };
  const { settings, load, named, source } = asked;
  const pool = new SimulationPool(settings.runners < FEW_RUNNERS ? 0 : undefined, RELEASES, true);
  try {
    const simulator = new Simulator(pool, load, seeds, signal, horizonUs(values));
    if (values['json'] === true) {
      out.write(adviceJson(await adviseOn(simulator, settings, objective, named), objective, source.join(' ')));
      return;
    }
    const writer = written(
      out,
      { objective, patch: values['flags'] === true ? 'flags' : 'helm', source: source.join('\n') },
      settings,
    );
    await adviseOn(simulator, settings, objective, named, writer);
    writer.end();
  } catch (error) {
    if (error instanceof SimulationCancelled) throw new InterruptedError('interrupted; the advice is not complete');
    throw error;
  } finally {
    pool.dispose();
  }
}

/** Parts are written as soon as they are known. On a terminal a line says meanwhile what single changes do. */
function written(
  out: NodeJS.WriteStream,
  form: AdviceForm,
  settings: RunSettings,
): AdviceListener & { readonly end: () => void } {
  let hasLine = false;
  const writer = adviceWriter(form, (text) => {
    out.write(`${hasLine ? CLEAR : ''}${text}`);
    hasLine = false;
  });
  if (!out.isTTY) return writer;
  const bar: AdviceListener['bar'] = (each, isFirstLook) => {
    if (!isFirstLook) return;
    // A terminal that does not say how wide it is says 0.
    out.write(`${CLEAR}${barText(each, settings).slice(0, (out.columns || USUAL_COLUMNS) - 1)}`);
    hasLine = true;
  };
  return { ...writer, bar };
}

function fromOptions(values: Values): FittedLoad {
  const mode = modeOf(values);
  process.stderr.write(modeNotes(values, [mode]));
  const usual = values['runners'] === undefined ? { runners: RUNNERS } : {};
  const named =
    typeof values['mode'] === 'string' && RELEASES.find(mode)?.variation === undefined ? values['mode'] : mode;
  return { settings: { ...singleSettings(values), ...usual, ...givenFlags([mode], values), mode }, load: {}, named };
}

/** @throws UsageError */
function objectiveIn(values: Values): Objective {
  const rate = textOf(values, 'max-api-rate')?.replace(/\/s$/, '');
  return {
    p95Us: positiveDuration(values, 'p95'),
    lastUs: positiveDuration(values, 'last'),
    mostRequestsASecond: rate === undefined ? undefined : count('max-api-rate', rate, 1),
  };
}

function adviceJson(advice: Advice, objective: Objective, source: string): string {
  const outcome = ({ settings, lastUs, p95Us, requestsASecond }: Outcome) => ({
    ...{ settings, lastUs, p95Us, requestsASecond },
    basis: basisOf(settings),
  });
  const { now, limitNow, bars, curve, found, otherRelease, limit, changes, growth, version } = advice;
  const json = {
    accuracy: accuracyPage(),
    ...(source === '' ? {} : { source }),
    objective,
    now: { ...outcome(now), limit: limitNow },
    tornado: bars.map(({ id, isFlag, ends }) => ({
      ...{ id, isFlag },
      ends: ends.map(({ soonerUs, p, outcome: then }) => ({ soonerUs, p, ...outcome(then) })),
    })),
    curve: curve && { ...curve, points: curve.points.map(outcome) },
    found: { best: found.best && outcome(found.best), nearest: outcome(found.nearest), runs: found.runs, limit },
    otherRelease: otherRelease && outcome(otherRelease),
    ...{ version, changes },
    growth: growth.map(({ needed, outcome: then, found: _, ...rest }) => ({
      ...rest,
      outcome: outcome(then),
      needed: needed && outcome(needed),
    })),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
