import { EphemeralRunners } from '../../kubernetes/resource.ts';
import { kubectl } from '../commands.ts';
import type { HazardRule } from '../hazard.ts';
import { doing, shown } from '../words.ts';

/** Since pull request 4239 a runner has a job when its status has jobId, which listeners before 0.13.0 do not write. */
export const jobWithoutId: HazardRule = {
  id: 'job-without-id',
  looksFor: 'busy runners without status.jobId',
  kinds: [EphemeralRunners],
  isCrossed: ({ has }) => has.has(4239),
  find: ({ to, has }, snapshot) => {
    const runners = snapshot
      .of(EphemeralRunners)
      .filter(
        ({ status }) =>
          (status?.jobRequestId ?? 0) > 0 && (status?.jobId ?? '') === '' && status?.phase !== 'Succeeded',
      );
    if (runners.length === 0) return undefined;
    return {
      severity: 'warning',
      sentence: `${to.name} takes ${doing(runners.length, 'busy runner', 'for idle: its', 'for idle: their')} status has jobRequestId and no jobId.`,
      details: [
        'When such a pod fails it is made again, although its job is lost; scaling down asks GitHub to remove the runner, which GitHub refuses.',
        ...(has.has(4516) ? [`${to.name} also tries to replace them, as they have no integrity hash.`] : []),
      ],
      objects: runners.map((runner) => shown(runner, `status.jobRequestId: ${runner.status?.jobRequestId}, no jobId`)),
      actions: runners.map((runner) => ({
        stage: 'settle',
        does: 'wait until these jobs have ended',
        command: kubectl(snapshot, runner.metadata.namespace ?? '', 'get', 'ephemeralrunners'),
        of: runner,
      })),
      confidence: 'sure',
    };
  },
};
