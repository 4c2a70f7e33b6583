import { t } from '@vscode/l10n';
import { Pods } from '../kubernetes/resource.ts';
import { splitKey, type PodStatus } from '../kubernetes/types.ts';
import { isServiceCall, type Chronicle, type Sent } from './chronicle.ts';

/** What happened in an event, for people. */
export interface Cause {
  readonly atUs: number;
  /** A clause: who did what. */
  readonly text: string;
}

/** What happened in an event of the clock; where nobody did anything in it, what came next. */
export function causeAt(chronicle: Chronicle, event: number, atUs: number): Cause {
  const { sent, interferences } = chronicle;
  const done = interferences.find((each) => each.event === event);
  if (done !== undefined) return done;
  // What nodes and people do comes before what controllers do about it; a write before what was looked up for it.
  const inEvent = sent.filter((each) => each.event === event);
  const first =
    inEvent.find(({ pass }) => pass === undefined) ??
    inEvent.find((each) => isWrite(each)) ??
    inEvent[0] ??
    sent.find((each) => each.event > event);
  if (first === undefined) return { atUs, text: t('something that left no trace') };
  return { atUs: first.atUs, text: textOf(chronicle, first) };
}

function isWrite({ request }: Sent): boolean {
  return isServiceCall(request) || (request.verb !== 'get' && request.verb !== 'list');
}

function textOf({ sent }: Chronicle, one: Sent): string {
  const ofPod = podEnd(one);
  if (ofPod !== undefined) {
    // A kubelet reports the end of a pod again when the pod is deleted.
    const ends = sent.filter((each) => each.event <= one.event && isEndOfSamePod(each, one)).map(containersOf);
    const earlier = new Set(ends).size - 1;
    if (earlier === 0) return ofPod;
    return earlier === 1
      ? t('{0}, after an earlier failure', ofPod)
      : t('{0}, after {1} earlier failures', ofPod, earlier);
  }
  const { pass, refused } = one;
  const request = requestText(one);
  const refusal =
    refused === undefined ? '' : refused === 0 ? t(', which is lost') : t(', which is refused with {0}', refused);
  if (pass === undefined) return `${t('somebody sends {0}', request)}${refusal}`;
  return `${t('the pass of {0} sends {1}', splitKey(pass.key).name, request)}${refusal}`;
}

/** How a kubelet reports that a pod has ended badly; undefined for other requests. */
function podEnd({ pass, request }: Sent): string | undefined {
  if (pass !== undefined || isServiceCall(request)) return undefined;
  if (request.resource !== Pods || request.subresource !== 'status') return undefined;
  const { status = {} } = (request.body ?? {}) as { status?: PodStatus };
  if (status.phase !== 'Failed') return undefined;
  const { name } = request;
  const ended = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  // A node that is short of something refuses a pod in the words of an eviction.
  if (status.reason === 'Evicted' && ended.length === 0)
    return t('pod {0} is evicted before a container of it starts', name);
  if (status.reason === 'Evicted') return t('pod {0} is evicted', name);
  const bad = ended.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  if (bad === undefined) return t('pod {0} fails', name);
  return t('container {0} of pod {1} ends with exit code {2}', bad.name, name, bad.state?.terminated?.exitCode ?? 0);
}

/** Differs from pod to pod of the same name. */
function containersOf({ request }: Sent): string {
  const { status } = ((isServiceCall(request) ? undefined : request.body) ?? {}) as { status?: PodStatus };
  return JSON.stringify([status?.startTime, status?.initContainerStatuses, status?.containerStatuses]);
}

function isEndOfSamePod(each: Sent, one: Sent): boolean {
  if (isServiceCall(each.request) || isServiceCall(one.request)) return false;
  return each.request.name === one.request.name && podEnd(each) !== undefined;
}

function requestText({ request }: Sent): string {
  if (isServiceCall(request)) return request.operation;
  const { verb, resource, subresource, name, body } = request;
  const path = `${resource.plural}${subresource && `/${subresource}`} ${name}`;
  const { status, metadata } = (body ?? {}) as {
    status?: { phase?: string };
    metadata?: { finalizers?: readonly string[] | null };
  };
  const what = `${verb.toUpperCase()} ${path}`;
  if (verb === 'patch' && status?.phase !== undefined) return t('{0} with phase {1}', what, status.phase);
  if (verb === 'patch' && metadata?.finalizers === null) return t('{0}, which removes all finalizers', what);
  return what;
}
