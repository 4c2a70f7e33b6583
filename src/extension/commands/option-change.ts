import type { RunOptions } from './run-arguments.ts';

/** The options of a run that have been chosen so far. */
export type Options = RunOptions & { readonly runners: number };

/** Changes one of the options; undefined when its question was left. */
export type Change = (now: Options) => Promise<Partial<RunOptions> | undefined>;
