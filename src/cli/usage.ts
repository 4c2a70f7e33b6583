import { inWords } from '../base/count-words.ts';
import { EXPORTERS } from '../export/exporters.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { isDescribed, isSwitch, SWITCHES } from '../reconciler/releases/switches.ts';
import { POD_PRESET_NAMES } from '../run/settings.ts';

/** The call was wrong: exit code 2. The message is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** Whether the command's help says more than the message. */
  readonly helpSaysMore: boolean;

  constructor(message: string, helpSaysMore = true) {
    super(message);
    this.helpSaysMore = helpSaysMore;
  }
}

/** The run failed: exit code 1. The message is one sentence. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** A check has printed an answer that is no clean one. */
export class NotCleanError extends Error {
  override readonly name = 'NotCleanError';
  /** 4: it found what speaks against what was asked about; 5: it found nothing, and could not look at everything. */
  readonly exitCode: 4 | 5;

  constructor(verdict: string, exitCode: 4 | 5) {
    super(verdict);
    this.exitCode = exitCode;
  }
}

/** SIGINT or SIGTERM came before the end; what there was by then has been printed. Exit code: 128 and the signal's number. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

interface CommandHelp {
  /** The call, without the program's name. */
  readonly call: string;
  readonly does: string;
  /** The settings that compare, run and sweep share, where it takes them. */
  readonly settings?: string;
  readonly options: string;
}

/** A line for each preset, with what it does. */
function presetsHelp(): string {
  const presets = [...POD_PRESET_NAMES];
  const width = Math.max(...presets.map(([name]) => name.length)) + 2;
  return presets.map(([name, does]) => `${' '.repeat(23)}${name.padEnd(width)}${does}\n`).join('');
}

/** @param runners what stands where they are not given, as is `workers` */
function settingsHelp(runners: string, workers: string, horizon = '24h; run: with --until-idle'): string {
  return `  --runners N          runners to create on the embedded cluster (${runners})
  --workers N          passes that run at the same time (${workers})
  --qps N --burst N    client-side limit per kind of object (20, 30; 0 is no limit)
  --workqueue-rate-limiter bucket_rate_limiter|typed_rate_limiter
                       ARC's flag of 0.14.2: typed_rate_limiter is per key, without a limit over all keys, and one for
                       all controllers; the other is what the release does without it
  --jit-latency D      time of a generatejitconfig call to the embedded Actions service (200ms); also a distribution:
                       lognormal(400ms,0.3), p50=400ms,p95=900ms, empirical(300ms,400ms,1.2s), or that of the calls in
                       a trace or log: --jit-latency FILE (not for run)
  --api-latency D      time of a request to the embedded API server (4ms); it may be a distribution as well
  --pods PRESET        how simulated pods behave:
${presetsHelp()}  --pods FILE.yaml     pod behaviour from your own file; the README shows how
  --pod-start D        let a simulated kubelet run pods, D after their creation
  --job-duration D     let jobs end after D (10s with presets whose jobs end); finished runners are deleted
  --horizon D          end a run after D at the latest (${horizon})
  --seed N             seed of all random values (1)
`;
}

/** Room for the names of modes. */
const MODE_WIDTH = Math.max(...RELEASES.ids.map((id) => id.length)) + 2;

const SWITCHES_TOPIC = 'switches';
const MODES_TOPIC = 'modes';
const NO_RELEASE = 'none';

const MODES_HELP = `  --modes LIST         releases of ARC, see Modes (${RELEASES.comparison.join(',')})
  --with PR,... --without PR,...
                       pull requests of ARC, see arc-lab help switches: each affected mode also runs with them, or
                       without them
`;

const CHANGES_HELP = `  --with PR,... --without PR,...
                       pull requests of ARC to add to the mode or to remove from it: arc-lab help switches
`;

/** What `--with` and `--without` may name: each with what it does, and the first release that has it. */
function switchesHelp(): string {
  const numbers = Object.keys(SWITCHES).map(Number).filter(isSwitch);
  const lines = numbers.map((number) => {
    const since =
      RELEASES.firstWith(number)?.versions[0] ?? RELEASES.all.find(({ switches }) => switches.has(number))?.id;
    const place = since ?? (isDescribed(number) ? NO_RELEASE : '');
    return `  ${number}  ${place.padEnd(MODE_WIDTH)}${SWITCHES[number]}\n`;
  });
  return `arc-lab help switches: pull requests of ARC that --with and --without add to a release or leave out of it

Beside each number stands the first release that has it. ${NO_RELEASE} stands beside those that no release has: these do
here what their descriptions say, and were not recorded.

${lines.join('')}
Several are given with commas, as in arc-lab compare --modes 0.14.2 --without 4390,4406. 0.14.2-4390 and 0.12.1+4390
name such releases too. What does not go together is refused with a sentence that names the two, and a pull request of
a release that is no switch with one that says why.
`;
}

/** What `--mode` and `--modes` may name, each with the published versions that it is. */
function modesHelp(): string {
  const lines = RELEASES.all.map(({ id, versions, words: { era, gist } }) => {
    const others = versions.filter((version) => version !== id);
    const published = others.length === 0 ? '' : `; also ${inWords(others)}`;
    return `  ${id.padEnd(MODE_WIDTH)}${era}: ${gist}${published}\n`;
  });
  const ofNone = RELEASES.unlisted.filter((version) => RELEASES.find(version) === undefined);
  const lacking = RELEASES.unlisted.filter((version) => !ofNone.includes(version));
  return `${lines.join('')}  ${inWords(lacking)} run as the versions after them without the pull requests that they lack.
  ${inWords(ofNone)} run as the nearest of these. The output says which.
`;
}

/** A line for each format that runs can be saved as. */
function formatsHelp(before: string, behind: string): string {
  return EXPORTERS.map(({ id, about }) => `  ${`${before}${id}${behind}`.padEnd(21)}${about()}\n`).join('');
}

/** In the order of help: what most people come for is first. */
const COMMANDS: Readonly<Record<string, CommandHelp>> = {
  why: {
    call: 'why FILE... [RUNNER]',
    does: "read a controller's log, or a cluster, and say why runners start late or hang",
    options: `  FILE                 output of kubectl logs for the controller or a listener: text or JSON, also gzip or from a
                       log store; or of kubectl get -o yaml for runners and pods. - is standard input. Nothing
                       leaves this machine
  --kubeconfig FILE --context NAME --namespace NAME
                       in place of files a cluster, which is only read: logs of controllers and listeners, runners,
                       pods, sets, events, metrics; what may not be read is said
  --since D            how far back the logs of a cluster are read (1h)
  RUNNER               milestones and waits of one runner
  --all                every finding and every runner, and what the controller did for nothing
  --unknown            list the lines that were not understood
  --trace FILE         write the passes found in the log as a trace, which VS Code opens as a timeline
  --json               one JSON object on stdout
  --markdown           the answer as Markdown, for an issue
`,
  },
  watch: {
    call: 'watch',
    does: 'show what the controller of a cluster does, live; nothing is reconciled or changed',
    options: `  --kubeconfig FILE --context NAME --namespace NAME
                       the cluster, which is only read: logs of controllers and listeners, runners, pods, sets, events,
                       metrics; without a namespace all that the user may see. What may not be read is said
  --since D            how far back logs are read at first (10m)
  --json               a JSON object in a line on each change
  --out FILE           keep a trace, which VS Code opens as a timeline
`,
  },
  'upgrade-check': {
    call: 'upgrade-check --to VERSION',
    does: 'say what an upgrade of ARC would stop or lose, and what to do before',
    options: `  --to VERSION         the version that is wanted, for example 0.14.2; an older one is a downgrade
  --from VERSION       the one that runs, where nothing that is read says it
  --kubeconfig FILE --context NAME --namespace NAME
                       the cluster, which is only read: it needs the right to list, and what may not be listed is said;
                       without a namespace all are looked into, and only then can the answer be that nothing is wrong
  FILE...              in place of a cluster what kubectl get -A -o yaml of ephemeralrunners, ephemeralrunnersets,
                       autoscalingrunnersets, autoscalinglisteners, pods, deployments and crd printed; - is standard
                       input
  --log FILE           the controller's log: its largest burst is simulated again with the wanted version
  --json               one JSON object on stdout
  --markdown           the answer as Markdown, for an issue
Exit codes: 0 everything was looked at and nothing was found against the upgrade, 4 hazards were found, 5 nothing was
found, but not everything could be looked at, 1 it could not be checked, 2 wrong usage, 3 a file cannot be read
`,
  },
  advise: {
    call: 'advise [FILE...]',
    does: 'which setting helps, how much and how surely, as the patch to apply',
    settings: settingsHelp('100', '2', '2h'),
    options: `  --mode RELEASE       the release of ARC, see Modes (${RELEASES.default.id}); its version is that of the chart
${CHANGES_HELP}  FILE...              the controller's log in place of settings: they are estimated from its burst; --mode then
                       says which release wrote it, where the log leaves that open
  --last D             the last pod of the burst is to be made within D
  --p95 D              95 of 100 pods are
  --max-api-rate N     requests to Kubernetes within one second, at most: 50 or 50/s
  --seeds N            how many runs each figure is the median of (5, at least 4)
  --flags              the patch as flags of the controller in place of Helm values
  --json               one JSON object on stdout
`,
  },
  compare: {
    call: 'compare',
    does: 'modes side by side on the embedded cluster',
    settings: settingsHelp('30; also a list: 3,30', '1'),
    options: `${MODES_HELP}  --baseline MODE      the mode that the others are compared with (the first)
  --through-set        let an EphemeralRunnerSet with this number of replicas create the runners, and run its controller
  --jobs LOAD --min N --max N --listener LIST
                       let scale sets do jobs, as in arc-lab run; --jobs takes the place of --runners
  --upgrade-from RELEASE --upgrade-after D --old-crds --old-label
                       with --jobs: let this release begin, as in arc-lab run; then each of the modes takes over
  --virtual            in virtual time instead of real time
  --seeds N            with --virtual: also N runs of each mode (at least 4), as medians with bands of 95 %
  --why                say which pull requests make modes differ, found by simulating without them; with --virtual this
                       is said without being asked, up to 100 runners
  --json               machine-readable figures on stdout
${formatsHelp('--', ' FILE')}  --trace-dir DIR      write a trace of each mode; names have the mode and, for several, the number of runners
`,
  },
  run: {
    call: 'run --mode RELEASE',
    does: 'attach to a cluster, or to the embedded one, and reconcile until Ctrl-C',
    settings: settingsHelp('3', '2'),
    options: `  --mode RELEASE       the release of ARC, see Modes (${RELEASES.default.id})
${CHANGES_HELP}  --kubeconfig FILE --context NAME --namespace NAME --all-namespaces
                       the cluster to attach to; without the first two, the embedded cluster
  --runner-set NAME --selector LABELS
                       only the runners of one set, or those with these labels
  --apply              write to the cluster of --context and register real runners, after a checklist and a
                       confirmation; without it the cluster is only read
  --yes                skip the confirmation of --apply
  --scale-down-controller
                       scale an active ARC controller to zero first, and back at the end
  --held               print the state of every runner and reconcile nothing until Enter is pressed; with
                       --until-idle or without a terminal the run ends there
  --until-idle         end when nothing is left to do, or when only the same passes repeat
  --per-second N       create runners at this rate instead of in one burst
  --through-set        let an EphemeralRunnerSet with this number of replicas create the runners, and run its controller
  --upgrade-from RELEASE
                       let this release create the runners first; then the mode takes over (embedded cluster). With
                       --jobs it begins with the scale set, and jobs come to both releases
  --upgrade-after D    how long the earlier release reconciles them (60s)
  --old-crds           keep the custom resource definitions of that release, as Helm does
  --old-label          with --jobs: keep the scale set's version label, as where its chart is not upgraded
  --jobs LOAD --min N --max N
                       let a scale set do jobs: its AutoscalingRunnerSet, listener and set of runners run too. LOAD is
                       "30 at once", "5 a minute", "20 jobs, 5 a minute", "5 a minute for 10m", or times as
                       "0s, 10s, 1m"; each job takes --job-duration (10s). --load is the same
  --listener LIST      with --jobs: what happens to the listener, as "kill at 10s, evict at 1m, slow by 2s at 5s"; times
                       are counted from when the AutoscalingRunnerSet is made, and slow delays each answer it gets
  --virtual            with --jobs: in virtual time to the end, and a table of what happened when
  --fail LIST --actions-latency D
                       initial faults of the embedded cluster, as in arc-lab conditions, and the time of the
                       Actions service's other calls (10ms)
  --trace FILE         write the trace while running
  --metrics HOST:PORT  serve Prometheus metrics under upstream's names
  --simulate-pods      run the runners' pods with a simulated kubelet
`,
  },
  sweep: {
    call: 'sweep',
    does: 'many settings in virtual time, one table',
    settings: settingsHelp('30', '2'),
    options: `${MODES_HELP}  --workers 1,2,4      every setting except --horizon takes a list; each combination is a row
  --seeds N            runs of each row (at least 4): it shows medians and where 19 of 20 runs with other seeds lie
  --json               one JSON array on stdout
`,
  },
  'too-late': {
    call: 'too-late [TRACE]',
    does: 'after which event a run that ended badly could not end well any more',
    settings: settingsHelp('3', '2'),
    options: `  --mode RELEASE       the release of ARC, see Modes (${RELEASES.default.id})
${CHANGES_HELP}  --runner NAME        the runner to look at (the first that ended badly)
  --jobs LOAD --min N --max N --listener LIST
                       a scale set with jobs in place of runners, as in arc-lab run; all of it is looked at
  --fail LIST          faults, as in arc-lab conditions
  --meanwhile LIST     what people, nodes and GitHub do: "delete runner-1 at 2s, evict runner-2 at 5s, exit 7 at 5s,
                       unregister runner-1 at 4s, hold runner-1 at 1s, claim runner-1 at 0s, reject runner-1 at 0s,
                       reject listener at 0s, kill controller at 4s, delete scale-set at 1m, change template at 1m";
                       without a runner's name the oldest. hold: a finalizer that nobody takes away; claim: another
                       scale set has the name; reject: the node does not take the next pod
  --section N          which of several runs in the trace (1). A trace that a run of this lab saved is simulated again;
                       options that say which run to make are for calls without a trace
  --moments N --futures N
                       moments along the run (50), and futures tried at each (200); where runs take long, fewer of
                       both, so that it takes half a minute
  --json               one JSON object on stdout
`,
  },
  bench: {
    call: 'bench',
    does: "maintainers' measures of releases and pull requests side by side, and their waste",
    settings: settingsHelp('as many as the jobs need', "the release's own number"),
    options: `  --modes LIST         releases of ARC, see Modes (${RELEASES.ids.slice(-2).join(',')}); the first is compared with each other one
${CHANGES_HELP}  --jobs LOAD          what a scale set has to do, as for run; repeat it for several loads (30 and 100 at once)
  --min N --max N --listener LIST
                       as for run
  --seeds N            runs of each release and load (10, at least 4); the first has the seed of --seed
  --against FILE|URL   a trace or a controller's log to put beside the runs; repeat it for several
  --markdown           tables for a pull request
  --json               one JSON object on stdout
`,
  },
  serve: {
    call: 'serve',
    does: 'the embedded cluster and Actions service over HTTP, for kubectl and controllers',
    options: `  --kubeconfig FILE    where to write the kubeconfig, readable only by you (arc-lab.kubeconfig); an existing file is
                       overwritten only if serve wrote it
  --port N --actions-port N
                       ports on 127.0.0.1 (0 picks one)
  --namespace LIST     namespaces to create (arc-runners)
  --runners N          runners to create at the start (0)
  --pods PRESET|FILE --pod-start D --job-duration D
                       how simulated pods behave; arc-lab help run has the presets
  --jobs LOAD          jobs for the scale sets that ARC's own controllers and listeners make here (arc-lab run
                       --apply reconciles runners only), as for run; with --pods or --pod-start their runners get
                       them, and take --job-duration (10s)
  --user 'NAME=VERBS:RESOURCES;VERBS:RESOURCES'
                       a user with these rights and nothing else, as a context of the kubeconfig; several with spaces
  --api-latency D --jit-latency D
                       how slow they are (0, 200ms); see also arc-lab conditions
  --data FILE          keep the cluster in FILE, readable only by you: objects, registrations, tokens, certificate
                       authority and ports; controllers and kubeconfigs survive a restart
                       if FILE is YAML or JSON, it is only read, and the cluster is kept in FILE.state
  --load FILE          start with the objects of FILE, as printed by kubectl get -o yaml, including status; repeat
                       --load for several files
  --without-controllers
                       a bare API server: no garbage collection, namespace and quota controllers
`,
  },
  restore: {
    call: 'restore',
    does: 'bring back an ARC controller that run --apply scaled to zero',
    options: `  --kubeconfig FILE --context NAME
                       look for scaled-down controllers on this cluster; without these options, on the clusters of
                       interrupted runs from this machine
`,
  },
  conditions: {
    call: 'conditions',
    does: 'make a served cluster slow or failing while it runs',
    options: `  --kubeconfig FILE    kubeconfig written by serve (arc-lab.kubeconfig); without other options, print the conditions
  --api-latency D --jit-latency D
  --fail LIST          "create pods 500 3" rejects the next three, "* * 0 1" cuts a connection,
                       "generatejitconfig 503 2" fails two calls to the Actions service; those of the API server
                       replace the ones that still wait there, those of the service are added
  --clear              remove all faults and reset the latencies to those serve began with; applied before other options
`,
  },
  'debug-adapter': {
    call: 'debug-adapter',
    does: 'a debugger of reconcile passes for editors, over the Debug Adapter Protocol',
    options: `  Speaks the protocol on standard input and output. Launch arguments have the names of the settings in VS Code:
  mode, runners, workers, seed, qps, burst, workqueueRateLimiter, jitLatency, apiLatency, pods, podStart, jobDuration,
  jobs, minRunners, maxRunners; also throughSet, upgradeFrom, fail and horizon as the options of run. With trace, the
  path of a saved trace or a controller's log, that is replayed; section says which of several traces. stopOnEntry
  stops at the beginning, at ("1.5s") at a time, runner at the first pass of that runner. The README shows how editors
  are set up.
`,
  },
  export: {
    call: 'export TRACE...',
    does: 'traces as files for other programs and people',
    options: `  TRACE                a trace written by --trace or saved by VS Code; - is standard input
  --to FORMAT          one of the formats below; by default from the extension of --output
  --output FILE        where to write it (standard output); overwrites only a file of the same kind
Formats
${formatsHelp('', '')}`,
  },
};

const FOOT = `Durations look like 200ms, 1.5s or 2m. Exit codes: 0 done, 1 the run failed, 2 wrong usage,
3 evidence (a log, a dump) cannot be read, 4 upgrade-check found hazards, 5 it could not look at everything,
130 and 143 interrupted by Ctrl-C or SIGTERM; serve, watch, and run without --until-idle, end that way with 0 once they
have begun.
`;

/** Room for the calls, with two spaces behind the longest. */
const CALL_WIDTH = Math.max(...Object.values(COMMANDS).map(({ call }) => call.length)) + 2;

const TITLE =
  'arc-lab: say why runners of actions-runner-controller start late or hang, and run its reconcilers on this machine\n';

const CALLS = Object.values(COMMANDS)
  .map(({ call, does }) => `  arc-lab ${call.padEnd(CALL_WIDTH)}${does}\n`)
  .join('');

/** For a call that names no command. */
export const SHORT_HELP = `${TITLE}\n${CALLS}  arc-lab ${'help [COMMAND]'.padEnd(CALL_WIDTH)}all options, or those of one command\n`;

export const HELP = [
  TITLE,
  CALLS +
    `  arc-lab ${'help COMMAND'.padEnd(CALL_WIDTH)}options of one command; same as arc-lab COMMAND --help\n` +
    `  arc-lab ${`help ${SWITCHES_TOPIC}`.padEnd(CALL_WIDTH)}pull requests that --with and --without take, each with what it does\n` +
    `  arc-lab ${'--version'.padEnd(CALL_WIDTH)}print the version\n`,
  `Settings of compare, run and sweep\n${settingsHelp('3; compare and sweep 30', '2; compare 1')}`,
  `Modes: releases of ARC\n${modesHelp()}`,
  ...Object.entries(COMMANDS).map(([name, { options }]) => `${name}\n${options}`),
  FOOT,
].join('\n');

/** The options of one command, or what a topic is about; undefined for another word. */
export function helpOf(name: string): string | undefined {
  if (name === SWITCHES_TOPIC) return switchesHelp();
  if (name === MODES_TOPIC) return `arc-lab help modes: releases of ARC that --mode and --modes take\n\n${modesHelp()}`;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) return undefined;
  const { call, does, settings, options } = command;
  return [
    `arc-lab ${call}: ${does}\n`,
    options,
    ...(settings === undefined ? [] : [`Modes: releases of ARC\n${modesHelp()}`, `Settings\n${settings}`]),
    FOOT,
  ].join('\n');
}
