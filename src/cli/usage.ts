import { inWords } from '../base/count-words.ts';
import { EXPORTERS } from '../export/exporters.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';

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

/** @param runners what stands where they are not given, as is `workers` */
function settingsHelp(runners: string, workers: string): string {
  return `  --runners N          runners to create on the embedded cluster (${runners})
  --workers N          passes that run at the same time (${workers})
  --qps N --burst N    client-side limit per kind of object (20, 30; 0 is no limit)
  --workqueue-rate-limiter bucket_rate_limiter|typed_rate_limiter
                       ARC's flag of 0.14.2: typed_rate_limiter is per key, without a limit over all keys, and one for
                       all controllers; the other is what the release does without it
  --jit-latency D      time of a generatejitconfig call of the embedded Actions service (200ms)
  --api-latency D      time of a request to the embedded API server (4ms)
  --pods PRESET        how simulated pods behave: jobs (nothing goes wrong), none (they stay pending),
                       image-pull-back-off, no-capacity, waits-for-node, slow-node, one-slow-node, init-fails,
                       fails-at-start, outdated-runner, exits-unregistered, oom-killed, evicted, job-still-running
  --pods FILE.yaml     the same as somebody wrote it; the README shows how
  --pod-start D        let a simulated kubelet run pods, D after their creation
  --job-duration D     let jobs end after D (10s with presets whose jobs end); finished runners are deleted
  --horizon D          end a run after D whatever is left to do (24h; run: with --until-idle)
  --seed N             seed of everything random (1)
`;
}

/** Room for the names of modes. */
const MODE_WIDTH = Math.max(...RELEASES.ids.map((id) => id.length)) + 2;

const CHANGES_HELP = `  --with PR,... --without PR,...
                       pull requests of ARC to add to the mode, or to leave out
`;

/** What `--mode` and `--modes` may name, each with the published versions that it is. */
function modesHelp(): string {
  const lines = RELEASES.all.map(({ id, versions, words: { era, gist } }) => {
    const others = versions.filter((version) => version !== id);
    const published = others.length === 0 ? '' : `; also ${inWords(others)}`;
    return `  ${id.padEnd(MODE_WIDTH)}${era}: ${gist}${published}\n`;
  });
  return `${lines.join('')}  ${inWords(RELEASES.unlisted)} are taken too, each for the nearest of these; the call says which.
`;
}

/** A line for each format that runs can be saved as. */
function formatsHelp(before: string, behind: string): string {
  return EXPORTERS.map(({ id, about }) => `  ${`${before}${id}${behind}`.padEnd(21)}${about()}\n`).join('');
}

const COMMANDS: Readonly<Record<string, CommandHelp>> = {
  compare: {
    call: 'compare',
    does: 'modes side by side on the embedded cluster',
    settings: settingsHelp('30; also a list: 3,30', '1'),
    options: `  --modes LIST         releases of ARC, see Modes (${RELEASES.comparison.join(',')})
  --with PR,... --without PR,...
                       pull requests of ARC: each mode that they change also runs with them, or without them
  --baseline MODE      what the others are compared with (the first)
  --through-set        let an EphemeralRunnerSet with this number of replicas create the runners, and run its controller
  --virtual            in virtual time instead of real time
  --json               machine-readable figures on stdout
${formatsHelp('--', ' FILE')}  --trace-dir DIR      write a trace of each mode, named after it, and after the number of runners if there are several
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
  --apply              write to the cluster that --context names and register real runners, after a checklist and a
                       question; otherwise nothing but reads leaves this machine
  --yes                do not ask before --apply
  --scale-down-controller
                       scale an active ARC controller to zero first, and back at the end
  --held               print what is there, runner by runner, and reconcile nothing until Enter is pressed; with
                       --until-idle or without a terminal it ends there
  --until-idle         end when nothing is left to do, or when the same passes only repeat
  --per-second N       create runners at this rate; without it they come in one burst
  --through-set        let an EphemeralRunnerSet with this number of replicas create the runners, and run its controller
  --upgrade-from RELEASE
                       let this release make the runners first; the mode takes over what it leaves (embedded cluster)
  --upgrade-after D    for how long the earlier release has them (60s)
  --jobs LOAD --min N --max N
                       let a scale set do jobs: its AutoscalingRunnerSet, listener and set of runners run too. LOAD is
                       "30 at once", "5 a minute", or times as "0s, 10s, 1m"; each job takes --job-duration (10s)
  --virtual            with --jobs: in virtual time to the end, and a table of what happened when
  --fail LIST --actions-latency D
                       faults of the embedded cluster from the start, as in arc-lab conditions, and the time of the
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
    options: `  --modes LIST         releases of ARC, see Modes (${RELEASES.comparison.join(',')})
  --with PR,... --without PR,...
                       pull requests of ARC: each mode that they change also runs with them, or without them
  --workers 1,2,4      each setting but --horizon takes a list, and each combination is a row
  --json               one JSON array on stdout
`,
  },
  serve: {
    call: 'serve',
    does: 'the embedded cluster and Actions service over HTTP, for kubectl and controllers',
    options: `  --kubeconfig FILE    where to write the kubeconfig, readable for you alone (arc-lab.kubeconfig); only a file that
                       serve has written is overwritten
  --port N --actions-port N
                       ports on 127.0.0.1 (0 picks one)
  --namespace LIST     namespaces to create (arc-runners)
  --runners N          runners to create at once (0)
  --pods PRESET|FILE --pod-start D --job-duration D
                       how simulated pods behave, as above
  --jobs LOAD          jobs for the scale sets that controllers make: "30 at once", "5 a minute", or times as
                       "0s, 10s, 1m"; with --pods or --pod-start their runners get them, and take --job-duration (10s)
  --user 'NAME=VERBS:RESOURCES;VERBS:RESOURCES'
                       a user with these rights and nothing else, as a context of the kubeconfig; several with spaces
  --api-latency D --jit-latency D
                       how slow they are (0, 200ms); see also arc-lab conditions
  --data FILE          keep the cluster in FILE, for you alone: objects, registrations, tokens, certificate authority
                       and ports, so that controllers and kubeconfigs live over a restart
                       if FILE is YAML or JSON, it is only read, and the cluster is kept in FILE.state
  --load FILE          begin with the objects of FILE, as kubectl get -o yaml prints them, status and all; several with
                       --load again
  --without-controllers
                       a bare API server: no garbage collection, namespace and quota controllers
`,
  },
  restore: {
    call: 'restore',
    does: 'bring back an ARC controller that run --apply scaled to zero',
    options: `  --kubeconfig FILE --context NAME
                       look for what was scaled down on this cluster; without them, on those that runs from this
                       machine have left
`,
  },
  conditions: {
    call: 'conditions',
    does: 'make a served cluster slow or failing while it runs',
    options: `  --kubeconfig FILE    as serve wrote it (arc-lab.kubeconfig); without further options the conditions are printed
  --api-latency D --jit-latency D
  --fail LIST          "create pods 500 3" refuses the next three, "* * 0 1" cuts a connection, and likewise
                       "generatejitconfig 503 2"
  --clear              no more faults, and latencies as at the start of serve; what else is given comes after that
`,
  },
  why: {
    call: 'why FILE... [RUNNER]',
    does: "read a controller's log and say why runners start late or hang",
    options: `  FILE                 what kubectl logs of the controller or a listener printed: text or JSON, also gzip or out of a
                       log store; or what kubectl get -o yaml of runners and pods printed. - is standard input. Nothing
                       leaves this machine
  RUNNER               the milestones of one runner, and what it waited for
  --all                every finding and every runner
  --unknown            list the lines that were not understood
  --trace FILE         writes the passes that the controller's lines show, as a trace that VS Code opens as a timeline
  --json               one JSON object on stdout
  --markdown           the answer as Markdown, for an issue
`,
  },
  'upgrade-check': {
    call: 'upgrade-check --to VERSION',
    does: 'say what an upgrade of ARC would stop or lose, and what to do before',
    options: `  --to VERSION         the version that is wanted, for example 0.14.2; an older one is a downgrade
  --from VERSION       the one that runs, where nothing that is read says it
  --kubeconfig FILE --context NAME --namespace NAME
                       the cluster, which is only read: it needs the right to list, and what may not be listed is said;
                       without a namespace all are looked into
  FILE...              in place of a cluster what kubectl get -A -o yaml of ephemeralrunners, ephemeralrunnersets,
                       autoscalingrunnersets, autoscalinglisteners, pods, deployments and crd printed; - is standard
                       input
  --json               one JSON object on stdout
  --markdown           the answer as Markdown, for an issue
`,
  },
  export: {
    call: 'export TRACE...',
    does: 'traces as files for other programs and people',
    options: `  TRACE                what --trace wrote, or VS Code saved; - is standard input
  --to FORMAT          one of the formats below; left out, the end of the output's name says it
  --output FILE        where to write it (standard output); only a file of the same kind is overwritten
Formats
${formatsHelp('', '')}`,
  },
};

const FOOT = `Durations look like 200ms, 1.5s or 2m. Exit codes: 0 done, 1 the run failed, 2 wrong usage,
3 what why is to read cannot be read, 130 and 143 interrupted by Ctrl-C or SIGTERM;
run without --until-idle has no other end, and ends with 0.
`;

/** Room for the calls, with two spaces behind the longest. */
const CALL_WIDTH = Math.max(...Object.values(COMMANDS).map(({ call }) => call.length)) + 2;

export const HELP = [
  "arc-lab: run actions-runner-controller's EphemeralRunner reconciler on this machine\n",
  Object.values(COMMANDS)
    .map(({ call, does }) => `  arc-lab ${call.padEnd(CALL_WIDTH)}${does}\n`)
    .join('') +
    `  arc-lab ${'help COMMAND'.padEnd(CALL_WIDTH)}what one of them takes, as does arc-lab COMMAND --help\n` +
    `  arc-lab ${'--version'.padEnd(CALL_WIDTH)}which one this is\n`,
  `Settings of compare, run and sweep\n${settingsHelp('3; compare and sweep 30', '2; compare 1')}`,
  `Modes: releases of ARC\n${modesHelp()}`,
  ...Object.entries(COMMANDS).map(([name, { options }]) => `${name}\n${options}`),
  FOOT,
].join('\n');

/** The options of one command; undefined for an unknown command. */
export function helpOf(name: string): string | undefined {
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
