import { t } from '@vscode/l10n';
import { namesInWords } from '../base/count-words.ts';
import { Pods } from '../kubernetes/resource.ts';
import { splitKey, type PodStatus } from '../kubernetes/types.ts';
import { beginningOf, isRead, isServiceCall, nameOf, requestFor, type Chronicle, type Sent } from './chronicle.ts';

/** What happened in an event, for people. */
export interface Cause {
  readonly atUs: number;
  /** A clause: who did what. */
  readonly text: string;
}

/** What happened in an event of the clock; where nobody did anything in it, what came of something in it, or what came next. */
export function causeAt(chronicle: Chronicle, event: number, atUs: number): Cause {
  const { sent, interferences } = chronicle;
  const done = interferences.find((each) => each.event === event);
  if (done !== undefined) return done;
  // What nodes and people do comes before what controllers do about it; a write before what was looked up for it.
  const inEvent = sent.filter((each) => each.event === event);
  const first = inEvent.find(({ pass }) => pass === undefined) ?? inEvent.find((each) => isWrite(each));
  const effect = first === undefined ? effectAt(chronicle, event) : undefined;
  if (effect !== undefined) return effect;
  const sentThen = first ?? inEvent[0] ?? sent.find((each) => each.event > event);
  if (sentThen === undefined) return { atUs, text: t('something that left no trace') };
  return { atUs: sentThen.atUs, text: textOf(chronicle, sentThen) };
}

/** What came of an earlier request, or what controllers heard of. */
function effectAt(chronicle: Chronicle, event: number): Cause | undefined {
  const change = chronicle.changes.find((each) => each.event === event);
  const by = change && requestFor(chronicle, change);
  if (change !== undefined && by !== undefined) {
    return { atUs: change.atUs, text: t('{0}, and the API server carries it out', textOf(chronicle, by)) };
  }
  const seen = chronicle.seen.find((each) => each.event === event);
  if (seen === undefined) {
    return change && { atUs: change.atUs, text: t('{0} {1} changes', change.resource.kind, change.name) };
  }
  const { atUs, kind, name, isGone } = seen;
  return {
    atUs,
    text: isGone
      ? t('the controllers hear that {0} {1} is gone', kind, name)
      : t('the controllers hear of a change of {0} {1}', kind, name),
  };
}

function isWrite({ request }: Sent): boolean {
  return isServiceCall(request) || !isRead(request);
}

function textOf({ sent }: Chronicle, one: Sent): string {
  const ofPod = podEnd(one);
  if (ofPod !== undefined) {
    // A kubelet reports the end of a pod again when the pod is deleted.
    const ends = sent.filter((each) => each.event <= one.event && isEndOfSamePod(each, one)).map(containersOf);
    const earlier = new Set(ends).size - 1;
    return earlier === 0 ? ofPod : afterEarlier(ofPod, earlier, isSuccess(one));
  }
  const { pass, refused } = one;
  const request = requestText(sent, one);
  const refusal =
    refused === undefined ? '' : refused === 0 ? t(', which is lost') : t(', which is refused with {0}', refused);
  if (pass === undefined) {
    const isOfNode =
      !isServiceCall(one.request) && one.request.resource === Pods && one.request.subresource === 'status';
    return `${isOfNode ? t('the kubelet sends {0}', request) : t('somebody sends {0}', request)}${refusal}`;
  }
  return `${t('the pass of {0} sends {1}', splitKey(pass.key).name, request)}${refusal}`;
}

function afterEarlier(ofPod: string, earlier: number, isGood: boolean): string {
  if (isGood) {
    return earlier === 1
      ? t('{0}, after another pod of that name had ended', ofPod)
      : t('{0}, after {1} other pods of that name had ended', ofPod, earlier);
  }
  return earlier === 1
    ? t('{0}, after an earlier failure', ofPod)
    : t('{0}, after {1} earlier failures', ofPod, earlier);
}

function isSuccess({ request }: Sent): boolean {
  if (isServiceCall(request)) return false;
  return ((request.body ?? {}) as { status?: PodStatus }).status?.phase === 'Succeeded';
}

/** With these words a kubelet takes no pod that would be evicted at once; it gives the reason of an eviction. */
const REJECTED = /^Pod was rejected/;

export function isPodEnd(one: Sent): boolean {
  return podEnd(one) !== undefined;
}

/** How a kubelet reports that a pod has ended; undefined for other requests. */
function podEnd({ pass, request }: Sent): string | undefined {
  if (pass !== undefined || isServiceCall(request)) return undefined;
  if (request.resource !== Pods || request.subresource !== 'status') return undefined;
  const { status = {} } = (request.body ?? {}) as { status?: PodStatus };
  const { name } = request;
  if (status.phase === 'Succeeded') return t('pod {0} ends with exit code 0', name);
  if (status.phase !== 'Failed') return undefined;
  const ended = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  // A node that is short of something refuses a pod in the words of an eviction.
  if (status.reason === 'Evicted' && ended.length === 0) {
    return REJECTED.test(status.message ?? '')
      ? t('the node rejects pod {0}', name)
      : t('pod {0} is evicted before a container of it starts', name);
  }
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

function requestText(sent: readonly Sent[], one: Sent): string {
  const { request, event } = one;
  if (isServiceCall(request)) return request.operation;
  const { verb, resource, subresource, body } = request;
  const name = nameOf(one);
  const beginning = beginningOf(one);
  const shown = name === '' && beginning !== undefined ? `${beginning}…` : name;
  const path = `${resource.plural}${subresource && `/${subresource}`} ${shown}`.trimEnd();
  const { status, metadata } = (body ?? {}) as WrittenFields;
  const what = `${verb.toUpperCase()} ${path}`;
  if (verb !== 'patch') return what;
  if (metadata?.finalizers === null) return t('{0}, which removes all finalizers', what);
  if (status === undefined) return what;
  if (status.phase !== undefined && status.phase !== '') return t('{0} with phase {1}', what, status.phase);
  if (status.failures != null) return countingText(what, failuresWritten(sent, name, event));
  const fields = Object.keys(status);
  return fields.length === 0 ? what : t('{0}, which writes {1}', what, namesInWords(fields));
}

interface WrittenFields {
  readonly status?: { readonly phase?: string; readonly failures?: Readonly<Record<string, unknown>> | null };
  readonly metadata?: { readonly finalizers?: readonly string[] | null };
}

function countingText(what: string, failures: number): string {
  return failures === 1
    ? t('{0}, which counts its first failed pod', what)
    : t('{0}, which counts {1} failed pods', what, failures);
}

/** How many failed pods of a runner have been counted in its status with an event. */
function failuresWritten(sent: readonly Sent[], name: string, event: number): number {
  const pods = sent.flatMap(({ event: at, request, refused }) => {
    if (at > event || refused !== undefined || isServiceCall(request) || request.name !== name) return [];
    return Object.keys(((request.body ?? {}) as WrittenFields).status?.failures ?? {});
  });
  return new Set(pods).size;
}
