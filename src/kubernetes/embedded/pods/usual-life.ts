import type { LifeCondition, LifeStage } from './pod-life.ts';

const SECOND_US = 1_000_000;
const SOON = { minUs: 0, maxUs: 0 };

function usual(
  when: Omit<LifeCondition, 'deleting'>,
  after: LifeStage['after'],
  action: LifeStage['actions'][0],
): LifeStage {
  return { when: { ...when, deleting: false }, after, weight: undefined, times: Infinity, actions: [action] };
}

/** What pods do that nothing goes wrong with, and in states that a life says nothing about. */
export const USUAL_LIFE: readonly LifeStage[] = [
  usual({ node: 'none' }, SOON, { do: 'schedule', node: undefined }),
  usual({ init: 'waiting' }, SOON, { do: 'start-init' }),
  usual({ init: 'running' }, { minUs: SECOND_US, maxUs: SECOND_US }, { do: 'finish-init', exitCode: 0 }),
  usual({ state: 'waiting' }, { of: 'start' }, { do: 'start', container: undefined }),
  usual(
    { state: 'running' },
    { of: 'job', otherwiseUs: Infinity },
    {
      do: 'exit',
      container: undefined,
      exitCode: 0,
      reason: undefined,
      message: undefined,
    },
  ),
];
