import type { ActionsClientCache } from '../../actions/client-cache.ts';
import type { AutoscalingRunnerSet } from '../../kubernetes/scale-set-types.ts';
import type { ProcessOptions } from '../process-options.ts';
import type { Switches } from '../releases/switches.ts';

/** What the steps of one pass share. */
export interface ScaleSetPass {
  readonly switches: Switches;
  readonly process: ProcessOptions;
  readonly clients: ActionsClientCache;
}

/** What the scale set is called in the service. */
export function idOf({ metadata }: AutoscalingRunnerSet, annotation: string): number | undefined {
  const text = metadata.annotations?.[annotation];
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}
