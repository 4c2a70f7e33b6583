import type { RunnerSelection } from '../model/runner-selection.ts';
import { selectRunners } from '../model/runner-selection.ts';
import type { RunnerState } from '../model/runner-state.ts';
import type { ShownSession } from './run.ts';

/** The filter of runners in the tree and in the timelines of its sessions. */
export interface RunnerFilter {
  /** Part of the name, whatever the case; empty for all. */
  readonly text: string;
  /** Empty for all. */
  readonly states: readonly RunnerState[];
}

export const NO_FILTER: RunnerFilter = { text: '', states: [] };

export function isFiltering({ text, states }: RunnerFilter): boolean {
  return text !== '' || states.length > 0;
}

/**
 * The runners of a session that the filter lets through, oldest first.
 * @param limit how many to name; all are counted
 */
export function filteredRunners({ run }: ShownSession, filter: RunnerFilter, limit?: number): RunnerSelection {
  const { text, states } = filter;
  const criteria = { group: undefined, groupBy: 'set', text: text.toLowerCase(), states, sort: 'age' } as const;
  return selectRunners(run.table.index, criteria, limit);
}
