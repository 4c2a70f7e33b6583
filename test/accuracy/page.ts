import { format } from 'prettier';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { loadRecordings } from '../conformance/recording.ts';
import type { MeasuredChain } from './chains.ts';
import { meanAbsolute, type Measured } from './measured.ts';

/** The page as Markdown. */
export function pageOf(all: readonly Measured[], chains: readonly MeasuredChain[]): Promise<string> {
  const [speeds, asSlow] = [chains.map((each) => each.apiLatencyUs), chains.map((each) => each.errorsAsSlow)];
  const chainErrors = chains.map((each) => each.errors);
  const [errors, blind] = [all.map((each) => each.errors), all.map(({ blindErrors }) => blindErrors)];
  const text = `# How near simulations come to real controllers

Advice, \`arc-lab bench\` and every prediction of this program are simulations: the reconciler of the release runs in virtual time against an embedded API server and Actions service. This page compares them with recordings
of the real controllers, unmodified, on a real kube-apiserver. \`npm run accuracy\` writes it from all recordings in \`test/conformance\`; a test fails while it is not up to date.

**${all.length} recorded bursts: on average the median pod is ${percent(meanAbsolute(errors, 'median'))} off, the last pod ${percent(meanAbsolute(errors, 'last'))}; the farthest is ${percent(worstOf(errors))} off.**

**${chains.length} recorded scale sets with jobs, all controllers and the listener together: on average the last pod is ${percent(meanAbsolute(chainErrors, 'lastPod'))} off, the removal of the last runner ${percent(meanAbsolute(chainErrors, 'gone'))}; the farthest is ${percent(worstOf(chainErrors))} off.**

![Simulated against recorded times of the median and the last pod; nearly all points lie on the diagonal](accuracy.svg)

## Bursts

The settings are those of the recording. The speed of its API server is read off the gaps between its requests; nothing else is fitted. "Blind" is the error of the same prediction with
the usual latency of 4 ms for a server that nobody has measured: on average ${percent(meanAbsolute(blind, 'median'))} for the median pod and ${percent(meanAbsolute(blind, 'last'))} for the last. Each figure of ours is the middle one of three seeds.

${table(
  [
    'release',
    'runners',
    'made by',
    'workers',
    'JIT call',
    'median pod',
    'simulated',
    'error',
    'blind',
    'last pod',
    'simulated',
    'error',
    'blind',
  ],
  all.map(({ recorded, ours, errors: own, blindErrors }) => [
    recorded.mode,
    String(recorded.n),
    recorded.load === 'one EphemeralRunnerSet' ? 'a set' : 'one by one',
    String(recorded.workers),
    `${recorded.jitMs} ms`,
    ...(['median', 'last'] as const).flatMap((figure) => [
      seconds(recorded[figure]),
      seconds(ours[figure]),
      signed(own[figure]),
      signed(blindErrors[figure]),
    ]),
  ]),
)}

## By release

Mean absolute errors. Requests: scenarios of single runners whose every request, in its order, is the recorded one, with the recorded number of passes and the recorded end.

${table(
  ['release', 'bursts', 'median pod', 'last pod', 'scenarios, request by request'],
  RELEASES.ids.flatMap((id) => {
    const own = all.filter(({ recorded }) => RELEASES.listedOf(recorded.mode) === id).map((each) => each.errors);
    const scenarios = loadRecordings().filter(({ modes }) =>
      Object.keys(modes).some((mode) => RELEASES.listedOf(mode) === id),
    );
    if (own.length + scenarios.length === 0) return [];
    const error = (figure: 'median' | 'last'): string => (own.length === 0 ? '–' : percent(meanAbsolute(own, figure)));
    return [[id, String(own.length), error('median'), error('last'), String(scenarios.length)]];
  }),
)}

## Scale sets with jobs

Two workers; our API server has the usual 4 ms, so that these errors are "blind" ones. Read off the gaps between the requests before the jobs were queued, which is nothing that is predicted, theirs took ${ms(Math.min(...speeds))} to ${ms(Math.max(...speeds))}.
With a server as slow as that the last pod is ${percent(meanAbsolute(asSlow, 'lastPod'))} off on average and the removal ${percent(meanAbsolute(asSlow, 'gone'))}: the server is not what most of the errors come from. Of the short recordings, \`ars-jobs-3\` and \`listener-killed\`, they are tens of milliseconds.
In the long ones most requests wait for the client's limit for secrets, where 20 more or fewer make a second. The last pod is counted from when the jobs were queued. Gone is the time until the secret of the last runner was deleted, from then too, or from when all jobs were ended together. Each figure of theirs is the middle one of the recorded runs.

${table(
  ['release', 'jobs', 'recording', 'runs', ...['last pod', 'gone'].flatMap((figure) => [figure, 'simulated', 'error'])],
  chains.map(({ release, jobs, scenario, runs, recorded, ours, errors: own }) => [
    release,
    String(jobs),
    scenario,
    String(runs),
    ...(['lastPod', 'gone'] as const).flatMap((figure) => [
      seconds(recorded[figure]),
      seconds(ours[figure]),
      signed(own[figure]),
    ]),
  ]),
)}

## What this does not cover

- Pull requests that no release has are modelled on their descriptions, and outputs say so.
- Bursts of more than 300 runners, more than 10 workers, other limits of the client than 20 requests a second and 30 at once, and latencies that vary were not recorded. Advice calls such figures extrapolated.
- Recorded times of single runners and of sets without jobs are mostly waits of the person or script that drove them; they are compared request by request, and not here.
- When pods are scheduled and start is a setting of a simulation, and no prediction.
`;
  return format(text, { parser: 'markdown', printWidth: 120 });
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map((_title, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join(
    '\n',
  );
}

function worstOf(errors: readonly object[]): number {
  return Math.max(...errors.flatMap((each) => Object.values(each).map((error: number) => Math.abs(error))));
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function ms(us: number): string {
  return `${(us / 1000).toFixed(1)} ms`;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

function signed(part: number): string {
  const text = percent(Math.abs(part));
  return text === percent(0) ? text : `${part < 0 ? '−' : '+'}${text}`;
}
