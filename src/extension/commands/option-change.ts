import type { RunOptions } from './run-arguments.ts';

/** What a run is begun with as far as it has been chosen. */
export type Options = RunOptions & { readonly runners: number };

/** Changes one of the options; undefined when its question was left. */
export type Change = (now: Options) => Promise<Partial<RunOptions> | undefined>;
