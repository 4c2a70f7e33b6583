import { ApiError } from '../kubernetes/api-error.ts';
import { describeNeed, missingPermissions, READS, WRITES, type Need } from '../kubernetes/remote/preflight.ts';
import type { ApiTransport } from '../kubernetes/remote/transport.ts';
import { EphemeralRunners, pathOf } from '../kubernetes/resource.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { failed, passed, warned, type Check } from './check.ts';
import { gitHubChecks, type GitHubCheckInput } from './github-check.ts';
import { quotaChecks } from './quota-check.ts';
import { findControllers, type Found, type RunningController } from './running-controllers.ts';

const LOCK_NEEDS: readonly Need[] = [
  ['get', 'coordination.k8s.io', 'leases'],
  ['create', 'coordination.k8s.io', 'leases'],
  ['update', 'coordination.k8s.io', 'leases'],
];
const SCALE_NEEDS: readonly Need[] = [['patch', 'apps', 'deployments']];
/** Tokens are renewed a minute before their end, and leases are judged by their times. */
const MOST_SKEW_MS = 10_000;
const RUNNERS_LOOKED_AT = 500;

interface ChecklistInput extends GitHubCheckInput {
  readonly transport: ApiTransport;
  readonly contextName: string;
  /** An active controller is to be scaled to zero first. */
  readonly scaleDownController: boolean;
  /** Whether a runner is one of those that are to be reconciled. */
  readonly includes: (runner: EphemeralRunner) => boolean;
}

export interface Checklist {
  readonly checks: readonly Check[];
  /** Controllers that are active on the namespace; they have to be scaled to zero before anything is written. */
  readonly active: readonly RunningController[];
  /** Runners that would be reconciled at once. */
  readonly runners: number;
  readonly urls: readonly string[];
}

/** Looks at everything that a run which writes depends on. Nothing is changed by it. */
export async function runChecklist(input: ChecklistInput): Promise<Checklist> {
  const { transport, namespace, nowMs } = input;
  const checks: Check[] = [];
  let serverNowMs: number;
  try {
    const version = (await transport.json('GET', '/version')) as { gitVersion?: string };
    serverNowMs = transport.serverTimeMs;
    checks.push(passed('API server', `${transport.server} answers, ${version.gitVersion ?? 'version unknown'}`));
  } catch (error) {
    const says = (error as Error).message;
    const isRefused = error instanceof ApiError && error.code === 401;
    const todo = isRefused ? 'the token may have expired: log in again' : 'check the context and the network';
    return { checks: [failed('API server', says, todo)], active: [], runners: 0, urls: [] };
  }
  checks.push(clockCheck(serverNowMs, nowMs()));
  let runners: readonly EphemeralRunner[];
  try {
    const path = `${pathOf(EphemeralRunners, namespace)}?limit=${RUNNERS_LOOKED_AT}`;
    runners = ((await transport.json('GET', path)) as { items?: EphemeralRunner[] | null }).items ?? [];
  } catch (error) {
    const todo = 'install the gha-runner-scale-set-controller chart, or ask for a role that may list them';
    checks.push(failed('ARC', `ephemeralrunners cannot be listed: ${(error as Error).message}`, todo));
    return { checks, active: [], runners: 0, urls: [] };
  }
  const included = runners.filter(input.includes);
  const found = await findControllers(transport, namespace, runners, Number.isNaN(serverNowMs) ? nowMs() : serverNowMs);
  checks.push(versionCheck(found, input.mode));
  checks.push(...controllerChecks(found, input));
  checks.push(await permissionCheck(input, found));
  checks.push(...(await quotaChecks(transport, namespace, included.length)));
  checks.push(...(await gitHubChecks(input, included)));
  return {
    checks,
    active: found.controllers.filter(({ activeBecause }) => activeBecause !== undefined),
    runners: included.length,
    urls: [...new Set(included.map(({ spec }) => spec.githubConfigUrl))],
  };
}

function clockCheck(serverMs: number, nowMs: number): Check {
  const name = 'Clock';
  if (Number.isNaN(serverMs))
    return warned(name, 'the API server does not say its time', 'compare the clocks yourself');
  // Whole seconds, cut off, and the way here.
  const skewMs = nowMs - serverMs;
  if (Math.abs(skewMs) <= MOST_SKEW_MS) return passed(name, 'within 10 s of the API server');
  const direction = skewMs > 0 ? 'ahead of' : 'behind';
  const says = `this machine is ${Math.round(Math.abs(skewMs) / 1000)} s ${direction} the API server`;
  return failed(name, says, 'set the clock: tokens and leases are judged by it');
}

function versionCheck({ controllers, runnerVersions }: Found, mode: string): Check {
  const versions = new Set([...runnerVersions, ...controllers.flatMap(({ version }) => version ?? [])]);
  const name = 'ARC';
  if (versions.size === 0) return passed(name, 'its resources are installed; its version is unknown');
  const says = `its resources are installed, version ${[...versions].sort().join(', ')}`;
  const modes = new Set([...versions].map((version) => RELEASES.ofVersion(version)?.id));
  const [nearest] = modes;
  if (modes.size !== 1 || nearest === undefined || nearest === mode) return passed(name, says);
  return warned(name, says, `mode ${nearest} is nearer to that than ${mode}: --mode ${nearest}`);
}

function controllerChecks({ controllers, sawEverything, writers }: Found, input: ChecklistInput): Check[] {
  const name = 'Other controllers';
  const checks = controllers.map((controller): Check => {
    const { namespace, version, flags, activeBecause } = controller;
    const what = `${namespace}/${controller.name}${version === undefined ? '' : ` (${version})`}`;
    if (activeBecause === undefined) return passed(name, `${what} is at rest`);
    const says = `${what} is active: ${activeBecause}${flags.length === 0 ? '' : `; flags ${flags.join(' ')}`}`;
    if (input.scaleDownController) return warned(name, says, 'it is scaled to zero first, and back at the end');
    const todo =
      'both would write to the same runners: scale it to zero, or let --scale-down-controller do so and undo it';
    return { ...failed(name, says, todo), scalable: true as const };
  });
  const [writer] = writers;
  const isExplained = controllers.some(({ activeBecause }) => activeBecause !== undefined);
  if (writer !== undefined && !isExplained) {
    const says = `${writer.manager} wrote the status of ${writer.runner} ${writer.secondsAgo} s ago`;
    checks.push(
      failed(name, says, 'find out who runs it; if it was stopped just now, try again when a minute has passed'),
    );
  }
  if (!sawEverything && controllers.length === 0) {
    const says = 'deployments of all namespaces may not be listed; none was found where one usually is';
    checks.push(warned(name, says, 'make sure that no ARC controller watches this namespace'));
  }
  return checks.length === 0 ? [passed(name, 'none was found')] : checks;
}

async function permissionCheck({ transport, namespace, contextName }: ChecklistInput, found: Found): Promise<Check> {
  const name = 'Permissions';
  const active = found.controllers.filter(({ activeBecause }) => activeBecause !== undefined);
  const missing = await missingPermissions(transport, namespace, [...READS, ...WRITES, ...LOCK_NEEDS]);
  for (const place of new Set(active.map((controller) => controller.namespace))) {
    missing.push(...(await missingPermissions(transport, place, SCALE_NEEDS)));
  }
  const where = namespace === '' ? 'in all namespaces' : `in namespace ${namespace}`;
  if (missing.length === 0) return passed(name, `${contextName} may do what a controller does ${where}`);
  const says = `${contextName} lacks permissions ${where}: ${missing.map(describeNeed).join(', ')}`;
  return failed(name, says, 'ask for a role that allows them');
}
