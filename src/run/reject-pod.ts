import { patchRequest } from '../kubernetes/request.ts';
import { Pods, type Resource } from '../kubernetes/resource.ts';
import type { ObjectMeta } from '../kubernetes/types.ts';
import type { EmbeddedEnvironment } from './embedded-environment.ts';

/** As a kubelet writes it; of containers that it never made there is no status. */
const REJECTED = {
  phase: 'Failed',
  reason: 'Evicted',
  message: 'Pod was rejected: The node had condition: [MemoryPressure]. ',
};

/** The node takes the next pod that is meant not, as it is short of memory; not where the run has been calmed down by then. */
export function rejectNextPod(environment: EmbeddedEnvironment, isMeant: (pod: ObjectMeta) => boolean): void {
  const { cluster, clock } = environment;
  const { store } = cluster.api;
  const waiting = store.listen((resource, type, { metadata }) => {
    if (type !== 'added' || resource !== (Pods as Resource) || !isMeant(metadata)) return;
    waiting.dispose();
    const { namespace = '', name } = metadata;
    const reject = (): void => {
      if (environment.isCalm) return;
      cluster.send(patchRequest(Pods, namespace, name, { status: REJECTED }, 'status'), () => undefined);
    };
    clock.schedule(0, reject, undefined);
  });
}
