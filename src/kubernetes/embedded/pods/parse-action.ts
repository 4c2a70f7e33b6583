import { isJsonObject } from '../../../base/json.ts';
import { aCount, anyOf, aText, fields, LifeError, where } from './parse-value.ts';
import type { LifeAction } from './pod-life.ts';

/** What the kubelet says of a pod that it puts out. */
const LOW_ON_MEMORY = 'The node was low on resource: memory.';

/** How each action is read: from what follows its name, undefined where the name stands alone. */
const ACTIONS: Readonly<Record<string, (value: unknown, at: string) => LifeAction>> = {
  schedule: (node, at) => ({ do: 'schedule', node: maybeText(node, at) }),
  unschedulable: (message, at) => ({ do: 'unschedulable', message: maybeText(message, at) }),
  'start-init': (value, at) => alone(value, at, { do: 'start-init' }),
  'finish-init': (code, at) => ({ do: 'finish-init', exitCode: code === undefined ? 0 : aCount(code, at, 0, 255) }),
  start: (container, at) => ({ do: 'start', container: maybeText(container, at) }),
  ready: (value, at) => alone(value, at, { do: 'ready', isReady: true }),
  'not-ready': (value, at) => alone(value, at, { do: 'ready', isReady: false }),
  exit: parseExit,
  'oom-kill': (container, at) => ({
    do: 'exit',
    container: maybeText(container, at),
    exitCode: 137,
    reason: 'OOMKilled',
    message: undefined,
  }),
  'fail-pull': (container, at) => ({ do: 'wait', container: maybeText(container, at), reason: 'ErrImagePull' }),
  'back-off': (container, at) => ({ do: 'wait', container: maybeText(container, at), reason: 'ImagePullBackOff' }),
  evict: (message, at) => ({ do: 'evict', message: maybeText(message, at) ?? LOW_ON_MEMORY }),
  never: (value, at) => alone(value, at, { do: 'never' }),
};

export const ACTION_NAMES: readonly string[] = Object.keys(ACTIONS);

/** Reads `start`, or `exit: 1`. */
export function parseAction(value: unknown, at: string): LifeAction {
  const [name, argument, ...more] = isJsonObject(value) ? Object.entries(value).flat() : [value];
  const read = typeof name === 'string' && Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (read === undefined || more.length > 0) {
    throw new LifeError(at, `must be ${anyOf(ACTION_NAMES)}, alone or with what it is to do, like "exit: 1"`);
  }
  return read(argument, isJsonObject(value) ? where(at, name as string) : at);
}

function parseExit(value: unknown, at: string): LifeAction {
  const given = isJsonObject(value) ? fields(value, at, ['container', 'code', 'reason', 'message']) : { code: value };
  const { container, code, reason, message }: Readonly<Record<string, unknown>> = given;
  if (code === undefined) throw new LifeError(at, 'must say with which code, like "exit: 1"');
  return {
    do: 'exit',
    container: container === undefined ? undefined : aText(container, where(at, 'container')),
    exitCode: aCount(code, isJsonObject(value) ? where(at, 'code') : at, 0, 255),
    reason: reason === undefined ? undefined : aText(reason, where(at, 'reason')),
    message: message === undefined ? undefined : aText(message, where(at, 'message')),
  };
}

function maybeText(value: unknown, at: string): string | undefined {
  return value === undefined ? undefined : aText(value, at);
}

function alone(value: unknown, at: string, action: LifeAction): LifeAction {
  if (value !== undefined) throw new LifeError(at, 'stands alone, without anything after it');
  return action;
}
