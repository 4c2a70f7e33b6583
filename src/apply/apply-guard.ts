import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { HttpTransport } from '../base/http.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { UndoList } from '../base/undo-list.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import type { ClusterAccess } from '../kubernetes/remote/kubeconfig.ts';
import { RemoteCluster } from '../kubernetes/remote/remote-cluster.ts';
import { ApiTransport } from '../kubernetes/remote/transport.ts';
import { ApplyRefusedError, ApplyUndoneError } from './apply-errors.ts';
import type { Check } from './check.ts';
import { runChecklist, type Checklist } from './checklist.ts';
import { RestoreNotes, type RestoreNote } from './restore-notes.ts';
import { findControllers, type RunningController } from './running-controllers.ts';
import { bringBack, scaleToZero } from './scale-controller.ts';
import { includesOf, scopeText, type Scope } from './scope.ts';
import { GUARD_USER_AGENT } from './user-agent.ts';
import { WriteRight } from './write-right.ts';

/** What the user is asked to confirm. */
export interface ApplyPlan {
  readonly checks: readonly Check[];
  /** What will be done, where and as whom: a heading and a text each. */
  readonly summary: readonly (readonly [heading: string, text: string])[];
}

/** What a person is asked before writing to a cluster. */
export interface ApplyOptions {
  /** Is shown the checklist, also one with failed lines. */
  readonly onChecklist: (checks: readonly Check[]) => void;
  /** Says whether to go on; asked each time, after a checklist without failed lines. */
  readonly confirm: (plan: ApplyPlan) => Promise<boolean>;
  /** Scale an active ARC controller to zero first, and back at the end. */
  readonly scaleDownController: boolean;
  /** The right to write was lost; nothing is written from now on. */
  readonly onLost: (why: string) => void;
  readonly onProgress: (text: string) => void;
}

interface GuardedRun {
  readonly access: ClusterAccess;
  readonly kubeconfig: string | undefined;
  readonly namespace: string;
  readonly scope: Scope;
  readonly mode: string;
  readonly clock: Clock;
  readonly http: HttpTransport;
  readonly secrets: SecretRegistry;
}

/** How long a controller's pods may take to end; Kubernetes gives them 30 s by default. */
const SCALE_DOWN_LIMIT_MS = 60_000;

/** What stands between a run and the cluster it writes to: checks, agreement, lease, other controllers at rest. */
export class ApplyGuard {
  readonly right: WriteRight;
  readonly #undo: UndoList;
  readonly #said: readonly string[];

  private constructor(right: WriteRight, undo: UndoList, said: readonly string[]) {
    this.right = right;
    this.#undo = undo;
    this.#said = said;
  }

  /**
   * Goes through the checklist, asks, takes the lease and brings other controllers to rest.
   * @throws ApplyRefusedError, LeaseHeldError, ApiError, the signal's reason when it was aborted meanwhile: nothing is changed
   * then; ApplyUndoneError
   */
  static async begin(run: GuardedRun, options: ApplyOptions, signal?: AbortSignal): Promise<ApplyGuard> {
    const { access, clock, namespace } = run;
    const checklist = await unlessAborted(checkedBy(run, options), signal);
    options.onChecklist(checklist.checks);
    if (checklist.checks.some(({ state }) => state === 'failed')) {
      throw new ApplyRefusedError('nothing was changed; see the ✗ lines above');
    }
    const plan = { checks: checklist.checks, summary: summaryOf(run, checklist) };
    if (!(await unlessAborted(options.confirm(plan), signal)))
      throw new ApplyRefusedError('not confirmed; nothing was changed');

    const undo = new UndoList();
    const said: string[] = [];
    const transport = new ApiTransport(access, { userAgent: GUARD_USER_AGENT });
    undo.defer(() => transport.close());
    try {
      const by = holder();
      const right = await WriteRight.acquire({
        ...{ transport, clock, namespace, nowMs: Date.now, holder: by, signal },
        onLost: options.onLost,
        onWait: options.onProgress,
        othersAtWork: () => othersAtWork(transport, namespace),
      });
      undo.defer(() => right.release());
      const notes = new RestoreNotes();
      for (const controller of checklist.active) {
        options.onProgress(`scaling ${controller.namespace}/${controller.name} to zero`);
        const onNoted = (note: RestoreNote): void =>
          undo.defer(async () => void said.push(...(await bringBack(transport, notes, [note]))));
        await scaleToZero({ ...scaling(run, controller), transport, notes, by, onNoted, signal });
      }
      signal?.throwIfAborted();
      return new ApplyGuard(right, undo, said);
    } catch (error) {
      await undo.undo();
      if (said.length === 0) throw error;
      throw new ApplyUndoneError([(error as Error).message, ...said].join('; '));
    }
  }

  /**
   * Closes the gate, brings back what was brought to rest and gives the lease away.
   * @returns what was done, and what could not be
   */
  async end(): Promise<readonly string[]> {
    this.right.close('the run has ended');
    await this.#undo.undo();
    return this.#said;
  }
}

async function checkedBy(run: GuardedRun, { scaleDownController }: ApplyOptions): Promise<Checklist> {
  const { access, clock, scope } = run;
  const transport = new ApiTransport(access, { readOnly: true, userAgent: GUARD_USER_AGENT });
  try {
    return await runChecklist({
      ...run,
      transport,
      cluster: new RemoteCluster(transport, clock),
      contextName: access.contextName,
      scaleDownController,
      includes: includesOf(scope),
      nowMs: Date.now,
    });
  } finally {
    transport.close();
  }
}

/** Somebody may have started a controller while the lease was free. */
async function othersAtWork(transport: ApiTransport, namespace: string): Promise<string | undefined> {
  const { controllers } = await findControllers(transport, namespace, [], Date.now());
  const active = controllers.find(({ activeBecause }) => activeBecause !== undefined);
  if (active === undefined) return undefined;
  return `${active.namespace}/${active.name} is active: ${active.activeBecause}; scale it to zero`;
}

function scaling({ access, kubeconfig }: GuardedRun, controller: RunningController) {
  return {
    controller,
    contextName: access.contextName,
    kubeconfig: kubeconfig === undefined ? undefined : resolve(kubeconfig),
    nowMs: Date.now,
    limitMs: SCALE_DOWN_LIMIT_MS,
  };
}

function summaryOf({ access, namespace, scope, mode }: GuardedRun, list: Checklist): ApplyPlan['summary'] {
  const where = namespace === '' ? 'all namespaces' : `namespace ${namespace}`;
  const scoped = scopeText(scope);
  const runners = `${list.runners} EphemeralRunner${list.runners === 1 ? '' : 's'}`;
  const service = list.urls.length === 0 ? 'the URLs of the runners to come' : list.urls.join(', ');
  return [
    ['Cluster', `context ${access.contextName}, ${access.server.origin}`],
    ['As', access.userName],
    ['Where', `${where}: ${runners} ${scoped}${scoped === '' ? '' : ' '}now, and those to come`],
    ['Writes', `finalizers and status of these runners, their pods and their secrets, as ARC does (mode ${mode})`],
    ['GitHub', `registers and removes real runners at ${service}`],
    ...list.active.map(({ namespace: place, name, replicas }): readonly [string, string] => [
      'First',
      `scales ${place}/${name} to zero; back to ${replicas} at the end, or with arc-lab restore`,
    ]),
  ];
}

/** As the next person reads it in the lease. */
function holder(): string {
  let user = 'somebody';
  try {
    user = userInfo().username;
  } catch {
    // Some containers have no name for their user.
  }
  return `${user}@${hostname()} (process ${process.pid})`;
}
