import type { KubernetesEvent } from '../kubernetes/types.ts';

/** When an event was seen, by all of its times that can be read, in milliseconds since 1970. */
export function eventTimes({ firstTimestamp, lastTimestamp, eventTime }: KubernetesEvent): number[] {
  return [firstTimestamp, lastTimestamp, eventTime].flatMap((text) => Date.parse(text ?? '') || []);
}
