import { t } from '@vscode/l10n';
import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { LatencyShape } from '../base/latency.ts';
import { messageOf } from '../base/message.ts';
import { PlainError } from '../base/plain-error.ts';
import { hasOwnDefault } from './fitting-settings.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { WORKQUEUE_RATE_LIMITERS } from '../runtime/rate-limiter.ts';
import { faultsText, parseFaults, type Faults } from './conditions-control.ts';
import { happeningsText, parseHappenings } from './happenings.ts';
import type { JobLoad, ScaleSetLoad } from './job-load.ts';
import { parseTroubles, troublesText, type TimedTrouble } from './listener-trouble.ts';
import type { Load } from './run-target.ts';
import { USUAL_FLAGS, type RunSettings } from './settings.ts';

/** A trace whose header does not say how its run was made; the message is one sentence for people. */
export class NotedRunError extends PlainError {
  override readonly name = 'NotedRunError';
}

/** How a run was made. */
interface NotedRun {
  readonly settings: RunSettings;
  readonly load: Load;
}

/** What of a load is not in the settings, as traces keep it beside these. */
export function noted({
  perSecond,
  throughSet,
  upgrade,
  scaleSet,
  happenings,
  removalOfUnknown,
  conditions = {},
}: Load): Readonly<Record<string, unknown>> {
  const { otherActionsLatencyUs } = conditions;
  const faults = faultsText(conditions);
  return {
    ...(perSecond === undefined ? {} : { perSecond }),
    ...(throughSet === true ? { throughSet } : {}),
    ...(upgrade === undefined
      ? {}
      : {
          upgradeFrom: upgrade.from,
          upgradeAfterUs: upgrade.afterUs,
          ...(upgrade.keepsDefinitions === true ? { oldDefinitions: true } : {}),
          ...(upgrade.keepsLabel === true ? { oldLabel: true } : {}),
        }),
    ...(scaleSet === undefined ? {} : { scaleSet }),
    ...(happenings === undefined ? {} : { happenings: happeningsText(happenings) }),
    ...(removalOfUnknown === undefined ? {} : { removalOfUnknown }),
    ...(otherActionsLatencyUs === undefined ? {} : { otherActionsLatencyUs }),
    ...(faults === '' ? {} : { faults }),
  };
}

/**
 * How the run of a trace was made, as noted() and the settings say it in the trace's header.
 * @throws NotedRunError, also for what nobody would have noted
 */
export function runNotedIn(settings: JsonObject): NotedRun {
  try {
    return { settings: settingsIn(settings), load: loadIn(settings) };
  } catch (error) {
    throw new NotedRunError(
      t(
        'The trace does not say how its run was made ({0}): save it again with this version of the lab.',
        messageOf(error),
      ),
    );
  }
}

function settingsIn(noted: JsonObject): RunSettings {
  const mode = text(noted, 'mode') ?? '';
  const [jitShape, apiShape] = [noted['jitShape'], noted['apiShape']] as (LatencyShape | undefined)[];
  const own = USUAL_FLAGS.filter((flag) => hasOwnDefault(mode, flag));
  const limiter = WORKQUEUE_RATE_LIMITERS.find((each) => each === noted['workqueueRateLimiter']);
  return {
    ...{ mode: RELEASES.get(mode).id, runners: needed(noted, 'runners'), workers: needed(noted, 'workers') },
    ...{ qps: needed(noted, 'qps'), burst: needed(noted, 'burst'), seed: needed(noted, 'seed') },
    ...{ jitLatencyUs: needed(noted, 'jitLatencyUs'), apiLatencyUs: needed(noted, 'apiLatencyUs'), jitShape, apiShape },
    ...{ pods: text(noted, 'pods'), podStartUs: number(noted, 'podStartUs') },
    jobDurationUs: number(noted, 'jobDurationUs'),
    ...(limiter === undefined ? {} : { workqueueRateLimiter: limiter }),
    // A trace notes the values that its run had, whatever is usual in its release.
    ...(own.length === 0 ? {} : { given: own }),
  };
}

function loadIn(noted: JsonObject): Load {
  const from = text(noted, 'upgradeFrom');
  const upgrade =
    from === undefined ? undefined : { from: RELEASES.get(from).id, afterUs: needed(noted, 'upgradeAfterUs') };
  const happenings = text(noted, 'happenings');
  const otherActionsLatencyUs = number(noted, 'otherActionsLatencyUs');
  return {
    ...{ perSecond: number(noted, 'perSecond'), throughSet: noted['throughSet'] === true },
    upgrade: upgrade && {
      ...upgrade,
      keepsDefinitions: noted['oldDefinitions'] === true,
      keepsLabel: noted['oldLabel'] === true,
    },
    scaleSet: noted['scaleSet'] === undefined ? undefined : scaleSetIn(noted['scaleSet']),
    happenings: happenings === undefined ? undefined : parseHappenings(happenings),
    removalOfUnknown: noted['removalOfUnknown'] === 404 ? 404 : undefined,
    conditions: { ...faultsIn(noted), ...(otherActionsLatencyUs === undefined ? {} : { otherActionsLatencyUs }) },
  };
}

function faultsIn(noted: JsonObject): Partial<Faults> {
  const faults = parseFaults(text(noted, 'faults') ?? '');
  if (typeof faults === 'string') throw new Error(faults);
  return faults;
}

function scaleSetIn(noted: unknown): ScaleSetLoad {
  if (!isJsonObject(noted)) throw wrong('scaleSet');
  const { listener = [] } = noted;
  if (!Array.isArray(listener)) throw wrong('listener');
  return {
    ...{
      jobs: jobsIn(noted['jobs']),
      minRunners: needed(noted, 'minRunners'),
      maxRunners: needed(noted, 'maxRunners'),
    },
    // As a text they are checked like those that people write.
    listener: listener.length === 0 ? undefined : parseTroubles(troublesText(listener as TimedTrouble[])),
  };
}

function jobsIn(noted: unknown): JobLoad {
  if (!isJsonObject(noted)) throw wrong('jobs');
  if (noted['kind'] === 'rate') {
    const count = number(noted, 'count');
    return { kind: 'rate', everyUs: needed(noted, 'everyUs'), ...(count === undefined ? {} : { count }) };
  }
  const { atUs } = noted;
  if (!Array.isArray(atUs) || !atUs.every((us): us is number => isNumber(us))) throw wrong('atUs');
  return { kind: 'times', atUs };
}

function needed(noted: JsonObject, name: string): number {
  const value = number(noted, name);
  if (value === undefined) throw wrong(name);
  return value;
}

function number(noted: JsonObject, name: string): number | undefined {
  const value = noted[name];
  if (value !== undefined && !isNumber(value)) throw wrong(name);
  return value;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function text(noted: JsonObject, name: string): string | undefined {
  const value = noted[name];
  if (value !== undefined && typeof value !== 'string') throw wrong(name);
  return value;
}

function wrong(name: string): Error {
  return new Error(t('{0} is missing or is not what this version writes', name));
}
