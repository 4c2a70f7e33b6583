import type { Address } from '../base/address.ts';
import { parseLabelSelector } from '../kubernetes/selector.ts';
import { fitting } from '../run/fitting-settings.ts';
import type { Load, RunTarget } from '../run/run-target.ts';
import type { RunSettings } from '../run/settings.ts';
import { checkJobOptions, jobsOf, OF_A_SCALE_SET, scaleSetOf, withLoadAsJobs } from './jobs.ts';
import { CHANGES, givenFlags, modeNotes, modeOf } from './modes.ts';
import {
  address,
  duration,
  faults,
  horizonUs,
  parse,
  perSecond,
  SHARED,
  singleSettings,
  textOf,
  type Values,
} from './options.ts';
import { OF_AN_UPGRADE, UPGRADE_FLAGS, upgradeOf } from './upgrade.ts';
import { UsageError } from './usage.ts';

/** What a call of `arc-lab run` asks for. */
export interface RunCall {
  readonly target: RunTarget;
  readonly settings: RunSettings;
  /** For the embedded cluster. */
  readonly load: Load;
  /** In virtual time, to the end and without log lines. */
  readonly isVirtual: boolean;
  readonly untilIdle: boolean;
  readonly horizonUs: number | undefined;
  /** Do not ask before writing. */
  readonly yes: boolean;
  readonly scaleDownController: boolean;
  readonly traceFile: string | undefined;
  readonly metrics: Address | undefined;
}

/** For the embedded cluster alone. */
const LOAD = [
  'per-second',
  'through-set',
  'actions-latency',
  'fail',
  ...OF_AN_UPGRADE,
  ...UPGRADE_FLAGS,
  'jobs',
  'virtual',
];
const FLAGS = ['through-set', ...UPGRADE_FLAGS, 'virtual'];
const OF_A_CLUSTER = ['apply', 'namespace', 'all-namespaces', 'simulate-pods', 'runner-set', 'selector', 'held'];

/** @throws UsageError */
export function runCall(args: readonly string[]): RunCall {
  const values = withLoadAsJobs(
    parse(
      args,
      [
        ...SHARED,
        'load',
        ...LOAD.filter((option) => !FLAGS.includes(option)),
        ...OF_A_SCALE_SET,
        ...CHANGES,
        ...['mode', 'kubeconfig', 'context', 'namespace', 'runner-set', 'selector', 'trace', 'metrics', 'horizon'],
      ],
      ['apply', 'yes', 'scale-down-controller', 'until-idle', 'simulate-pods', 'all-namespaces', 'held', ...FLAGS],
    ),
  );
  const isAttached = values['kubeconfig'] !== undefined || values['context'] !== undefined;
  checkCombination(values, isAttached);
  const metrics = textOf(values, 'metrics');
  const mode = modeOf(values);
  const load = loadOf(values);
  const runners =
    load.scaleSet === undefined ? {} : { runners: jobsOf(load.scaleSet.jobs, values, mayLastForEver(values)) };
  const call: RunCall = {
    target: isAttached ? attachedTarget(values) : { kind: 'embedded' },
    settings: fitting({ ...singleSettings(values), ...runners, ...givenFlags([mode], values), mode }),
    load,
    isVirtual: values['virtual'] === true,
    untilIdle: values['until-idle'] === true,
    horizonUs: horizonUs(values),
    yes: values['yes'] === true,
    scaleDownController: values['scale-down-controller'] === true,
    traceFile: textOf(values, 'trace'),
    metrics: metrics === undefined ? undefined : address('metrics', metrics),
  };
  process.stderr.write(modeNotes(values, [mode]));
  return call;
}

function mayLastForEver(values: Values): boolean {
  return values['virtual'] === undefined && values['until-idle'] === undefined;
}

function attachedTarget(values: Values): RunTarget {
  const [kubeconfig, context] = [textOf(values, 'kubeconfig'), textOf(values, 'context')];
  const [runnerSet, selector] = [textOf(values, 'runner-set'), textOf(values, 'selector')];
  const namespace = values['all-namespaces'] === true ? '' : textOf(values, 'namespace');
  const apply = values['apply'] === true;
  checkSelector(selector);
  return {
    kind: 'attached',
    apply,
    // In shadow there is no other kubelet for the overlay's pods.
    simulatePods: values['simulate-pods'] === true || !apply,
    held: values['held'] === true,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(runnerSet === undefined && selector === undefined
      ? {}
      : {
          scope: { ...(runnerSet === undefined ? {} : { runnerSet }), ...(selector === undefined ? {} : { selector }) },
        }),
  };
}

function loadOf(values: Values): Load {
  const latency = textOf(values, 'actions-latency');
  const { faults: ofApi, actionsFaults } = faults(values['fail']);
  const conditions = {
    ...(latency === undefined ? {} : { otherActionsLatencyUs: duration('actions-latency', latency) }),
    ...(ofApi.length === 0 ? {} : { faults: ofApi }),
    ...(actionsFaults.length === 0 ? {} : { actionsFaults }),
  };
  return {
    perSecond: perSecond(values['per-second']),
    ...(values['through-set'] === true ? { throughSet: true } : {}),
    ...upgradeOf(values),
    ...scaleSetOf(values),
    conditions: Object.keys(conditions).length === 0 ? undefined : conditions,
  };
}

function checkCombination(values: Values, isAttached: boolean): void {
  for (const option of OF_A_CLUSTER) {
    if (isAttached || values[option] === undefined) continue;
    throw new UsageError(`--${option} needs a cluster; name it with --kubeconfig or --context`);
  }
  for (const option of LOAD) {
    if (!isAttached || values[option] === undefined) continue;
    throw new UsageError(`--${option} is for the embedded cluster`);
  }
  if (isAttached && values['runners'] !== undefined) {
    throw new UsageError('--runners creates runners on the embedded cluster; an attached one has its own');
  }
  checkJobOptions(values, [...OF_A_SCALE_SET, 'virtual'], ['runners', 'through-set', 'per-second']);
  if (values['through-set'] !== undefined && values['per-second'] !== undefined) {
    throw new UsageError('a set creates its runners in one burst: leave out --per-second or --through-set');
  }
  if (values['all-namespaces'] !== undefined && values['namespace'] !== undefined) {
    throw new UsageError('--namespace and --all-namespaces exclude each other: leave one of them out');
  }
  const ends = values['until-idle'] ?? values['virtual'];
  if (values['horizon'] !== undefined && (isAttached || ends === undefined)) {
    throw new UsageError('--horizon is for --until-idle on the embedded cluster');
  }
  if (values['apply'] === undefined) {
    if (values['simulate-pods'] !== undefined) {
      throw new UsageError('--simulate-pods is for --apply; without it the pods are simulated anyway');
    }
    for (const option of ['yes', 'scale-down-controller']) {
      if (values[option] !== undefined) throw new UsageError(`--${option} is for --apply`);
    }
    return;
  }
  for (const option of ['jit-latency', 'api-latency']) {
    if (values[option] !== undefined)
      throw new UsageError(`--${option} is for what is simulated; --apply uses what is real`);
  }
  for (const option of ['pods', 'pod-start', 'job-duration']) {
    if (values[option] === undefined || values['simulate-pods'] !== undefined) continue;
    throw new UsageError(`with --apply, --${option} is for --simulate-pods`);
  }
  if (values['held'] !== undefined) {
    throw new UsageError('--held only looks and --apply writes: leave one of them out');
  }
  if (values['context'] === undefined) {
    throw new UsageError('--apply changes a cluster: name the one that is meant with --context');
  }
}

function checkSelector(selector: string | undefined): void {
  try {
    parseLabelSelector(selector ?? '');
  } catch (error) {
    throw new UsageError(`--selector is no label selector: ${(error as Error).message}`);
  }
}
