import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import { EphemeralRunners } from '../../kubernetes/resource.ts';
import { kubectl } from '../commands.ts';
import type { HazardRule } from '../hazard.ts';
import { liveRunnersIn } from '../runners-parts.ts';
import { shown } from '../words.ts';

/** Since pull request 4239 a runner has a job when its status has jobId, which listeners before 0.13.0 do not write. */
export const jobWithoutId: HazardRule = {
  id: 'job-without-id',
  looksFor: () => t('busy runners without status.jobId'),
  kinds: [EphemeralRunners],
  isCrossed: ({ has }) => has.has(4239),
  find: ({ to, has }, snapshot) => {
    const runners = liveRunnersIn(snapshot).filter(
      ({ status }) => (status?.jobRequestId ?? 0) > 0 && (status?.jobId ?? '') === '',
    );
    if (runners.length === 0) return undefined;
    return {
      severity: 'warning',
      sentence: counted(
        runners.length,
        t('{0} takes 1 busy runner for idle: its status has jobRequestId and no jobId.', to.name),
        t(
          '{0} takes {1} busy runners for idle: their status has jobRequestId and no jobId.',
          to.name,
          thousands(runners.length),
        ),
      ),
      details: [
        t(
          'When such a pod fails it is made again, although its job is lost; scaling down asks GitHub to remove the runner, which GitHub refuses.',
        ),
        ...(has.has(4516) ? [t('{0} also tries to replace them, as they have no integrity hash.', to.name)] : []),
      ],
      objects: runners.map((runner) =>
        shown(runner, t('status.jobRequestId: {0}, no jobId', runner.status?.jobRequestId ?? 0)),
      ),
      actions: runners.map((runner) => ({
        stage: 'settle',
        does: t('wait until these jobs have ended'),
        command: kubectl(snapshot, runner.metadata.namespace ?? '', 'get', 'ephemeralrunners'),
        of: runner,
      })),
      confidence: 'sure',
    };
  },
};
