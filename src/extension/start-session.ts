import type { ApplyOptions } from '../apply/apply-guard.ts';
import type { AttachedTarget, Load, RunTarget } from '../run/run-target.ts';
import type { RunSettings } from '../run/settings.ts';
import type { MetricsServer } from '../model/metrics-server.ts';
import type { WatchHooks, WatchSession } from '../watch/watch-session.ts';
import { metricsAddress } from './configuration.ts';
import type { Log } from './log.ts';
import type { ShownSession } from './run.ts';

/** A run that is to be started: its sessions differ in their settings alone. */
export interface RunPlan {
  readonly target: RunTarget;
  readonly settings: readonly RunSettings[];
  /** For the embedded cluster. */
  readonly load?: Load | undefined;
  /** How to ask for leave to write; for a target that is written to. */
  readonly apply?: Omit<ApplyOptions, 'onLost'> | undefined;
}

/** What starts a run again; leave to write is asked for each time. */
export type RepeatablePlan = Omit<RunPlan, 'apply'>;

/** Of sessions of one run. */
export function planOf(sessions: readonly ShownSession[]): RepeatablePlan | undefined {
  const [first] = sessions;
  return first && { target: first.target, settings: sessions.map(({ settings }) => settings), load: first.load };
}

/** What one session of a run is started with. */
interface SessionPlan extends Omit<RunPlan, 'settings'> {
  readonly settings: RunSettings;
  readonly id: string;
  readonly name: string;
  /** Its place in the run. */
  readonly index: number;
  readonly signal: AbortSignal | undefined;
  /** The connection to the cluster was lost, or is back; told in a sentence. */
  readonly onConnection: (session: ShownSession, text: string, isLost: boolean) => void;
  /** Something that the session was asked for did not succeed; told in a sentence. */
  readonly onFailed: (session: ShownSession, sentence: string) => void;
  /** The trace of a watch has become too long to go on. */
  readonly onFull: (session: ShownSession) => void;
  /** Nothing is written to the cluster any more. */
  readonly onLost: (session: ShownSession, why: string) => void;
}

/**
 * Starts one session. The engine is loaded here, when somebody wants to run it.
 * @throws what attaching throws, and what opening the metrics' port throws; nothing is left running then
 */
export async function startSession(plan: SessionPlan, log: Log): Promise<ShownSession> {
  const { RunSession: Session } = await import('../run/session.ts');
  const { connectionTeller } = await import('../explain/connection-words.ts');
  const { id, name, settings, target, load, signal } = plan;
  // What is heard while it starts comes before there is a session.
  let session: ShownSession | undefined = undefined;
  const metrics = await metricsOf(plan.index);
  const hooks = {
    ...log.hooksFor(`${name} ${settings.mode}`, () => session?.run.secrets),
    onConnection: connectionTeller(
      () => session?.run.where ?? name,
      (text, status) => {
        if (session !== undefined) plan.onConnection(session, text, status.state === 'lost');
      },
    ),
    metrics,
  };
  const onLost = (why: string): void => {
    if (session !== undefined) plan.onLost(session, why);
  };
  const onCreationFailed = (sentence: string): void => {
    if (session !== undefined) plan.onFailed(session, sentence);
  };
  const apply = plan.apply === undefined ? undefined : { ...plan.apply, onLost };
  const run =
    target.kind === 'embedded'
      ? Session.embedded(settings, { ...hooks, load, onCreationFailed })
      : target.watches === true
        ? await openWatch(target, { ...hooks, signal, onFull: () => session !== undefined && plan.onFull(session) })
        : await Session.attach(settings, target, { ...hooks, signal, apply });
  const state = { ended: false, stopped: false, rest: undefined, endedUs: 0 };
  const { address } = metrics ?? {};
  session = { id, name, settings, target, load, run, metrics: address, startedMs: Date.now(), ...state };
  return session;
}

async function openWatch(target: AttachedTarget, hooks: WatchHooks): Promise<WatchSession> {
  const { WatchSession: Session } = await import('../watch/watch-session.ts');
  return Session.open(target, hooks);
}

/** The metrics of a run's session, where the settings want them: each session has a port of its own, the next higher one. */
async function metricsOf(index: number): Promise<MetricsServer | undefined> {
  const first = metricsAddress();
  if (first === undefined) return undefined;
  const { MetricsServer: Server } = await import('../model/metrics-server.ts');
  return Server.listen({ host: first.host, port: first.port === 0 ? 0 : first.port + index });
}
