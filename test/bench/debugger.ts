import { LogPoint } from '../../src/debug-adapter/log-point.ts';
import { scopesOf } from '../../src/debug-adapter/scopes.ts';
import { Threads } from '../../src/debug-adapter/threads.ts';
import { atRequest, onException, type Stop } from '../../src/debug/breakpoints.ts';
import { Debugger } from '../../src/debug/debugger.ts';
import { contextAt } from '../../src/debug/facts.ts';
import { SourceFiles } from '../../src/debug/source-files.ts';
import { simulate } from '../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../src/run/settings.ts';
import { percentile, type Row } from './measure.ts';
import { undebuggedBench } from './undebugged.ts';

/** They live through a million moments. */
const RUNNERS = 9_300;
const STATES = 200;

const settings: RunSettings = {
  ...{ ...DEFAULT_SETTINGS, mode: 'new', runners: RUNNERS, workers: 8, qps: 0 },
  ...{ podStartUs: 1_000_000, jobDurationUs: 5_000_000 },
};

/** The debugger on a run of 1,000,000 moments. Figures are of the processor's time, so that other work beside them does not count. */
export function debuggerBench(): Row[] {
  const undebugged = millisecondsOf(() => simulate(settings));
  let debugging: Debugger | undefined;
  const recorded = millisecondsOf(() => (debugging = Debugger.simulate(settings)));
  const at = debugging as unknown as Debugger;
  const { length } = at.recording.moments;
  const threads = new Threads(new SourceFiles());
  const look = (): void => {
    scopesOf(at, at.at);
    for (const { id } of threads.of(at)) threads.framesOf(at, id);
  };
  // Lines of sources are read when they are first shown.
  for (let moment = 0; moment < length; moment += Math.ceil(length / 50)) {
    at.goTo(moment);
    look();
  }
  const places = Array.from({ length: STATES }, (_, index) => Math.floor(((index * 0.618) % 1) * length));
  const states = places.map((moment) => millisecondsOf(() => (at.goTo(moment), look())));
  const steps = places.map((moment) => {
    at.goTo(moment);
    return millisecondsOf(() => (at.stepBack(), look()));
  });
  const through = (stop: Stop): number => {
    at.goTo(length - 1);
    return millisecondsOf(() => at.run(-1, [stop]));
  };
  const log = new LogPoint('{runner.metadata.name}: attempt {pass.attempt}');
  const creation = atRequest('create', 'pods', undefined);
  let said = 0;
  const logs = through((recording, moment) => {
    if (creation(recording, moment)) said += log.text(contextAt(recording, moment)).length > 0 ? 1 : 0;
    return false;
  });
  const reverse = [through(onException('conflict')), through(atRequest('patch', 'pods', '409'))];
  return [
    row('moments recorded', `${length}, each for ${(((recorded - undebugged) * 1e3) / length).toFixed(1)} µs`, ''),
    row('any state, p50 and p99', `${ms(percentile(states, 0.5))}, ${ms(percentile(states, 0.99))}`, '16 ms (p99)'),
    row('step back with its state, p99', ms(percentile(steps, 0.99)), '16 ms'),
    row('reverse-continue over all moments', ms(Math.max(...reverse)), '100 ms'),
    row(`log point over all moments, ${said} times met`, ms(logs), '1 s'),
    ...undebuggedBench(),
  ];
}

function row(what: string, ours: string, aim: string): Row {
  return { what, ours, peer: '', aim };
}

function millisecondsOf(work: () => unknown): number {
  const { user, system } = process.cpuUsage();
  work();
  const used = process.cpuUsage();
  return (used.user + used.system - user - system) / 1000;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}
