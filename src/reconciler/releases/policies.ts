import { OWN_CLIENT, scalesetClient } from '../../actions/client-policy.ts';
import { FIFO_QUEUE, PRIORITY_QUEUE } from '../../runtime/queue-kind.ts';
import { DEFAULT_BACKOFF, PER_ITEM_BACKOFF } from '../../runtime/rate-limiter.ts';
import type { Release, UsualFlags } from './release.ts';
import type { Switch } from './switches.ts';

type Policies = Partial<Pick<Release, 'queue' | 'backoff' | 'actions' | 'lists' | 'usual'>>;

/** What a release has around its passes, with a switch and without it. */
const POLICIES: Partial<Record<Switch, { readonly on: Policies; readonly off: Policies }>> = {
  4390: { on: { actions: scalesetClient('v0.2.0') }, off: { actions: OWN_CLIENT } },
  4406: {
    on: { queue: PRIORITY_QUEUE, backoff: PER_ITEM_BACKOFF, lists: 'streamed' },
    off: { queue: FIFO_QUEUE, backoff: DEFAULT_BACKOFF, lists: 'paged' },
  },
};

/** Of those pull requests that change defaults of flags. */
const USUAL: Partial<Record<Switch, Partial<UsualFlags>>> = {
  4670: { workers: 4, otherWorkers: 2 },
  4673: { qps: 100, burst: 200 },
};

/** What changes around the passes of a release that gets some switches and loses others. */
export function policiesFor(before: Release, added: readonly Switch[], left: readonly Switch[] = []): Policies {
  const usual = Object.assign({ ...before.usual }, ...added.map((one) => USUAL[one] ?? {})) as UsualFlags;
  return Object.assign(
    { usual },
    ...added.map((one) => POLICIES[one]?.on ?? {}),
    ...left.map((one) => POLICIES[one]?.off ?? {}),
  ) as Policies;
}
