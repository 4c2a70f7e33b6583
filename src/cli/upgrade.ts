import { USUAL_UPGRADE_US, type Load } from '../run/run-target.ts';
import { knownMode } from './modes.ts';
import { duration, type Values } from './options.ts';
import { UsageError } from './usage.ts';

/** Options of an earlier release that was there first. */
export const OF_AN_UPGRADE = ['upgrade-after', 'upgrade-from'];
export const UPGRADE_FLAGS = ['old-crds', 'old-label'];

/**
 * The earlier release from which the mode takes over.
 * @throws UsageError
 */
export function upgradeOf(values: Values): Pick<Load, 'upgrade'> {
  const after = values['upgrade-after'];
  const from = values['upgrade-from'];
  if (typeof from !== 'string') {
    const flag = UPGRADE_FLAGS.find((name) => values[name] !== undefined);
    if (flag !== undefined) throw new UsageError(`--${flag} needs --upgrade-from`);
    if (after === undefined) return {};
    throw new UsageError('--upgrade-after says when --upgrade-from ends: give both, or neither');
  }
  if (values['old-label'] !== undefined && values['jobs'] === undefined)
    throw new UsageError('--old-label is about the label of a scale set with --jobs');
  const afterUs = typeof after === 'string' ? duration('upgrade-after', after) : USUAL_UPGRADE_US;
  if (afterUs === 0) throw new UsageError('--upgrade-after must be more than 0s: until then the earlier release runs');
  return {
    upgrade: {
      from: knownMode(from),
      afterUs,
      ...(values['old-crds'] === true ? { keepsDefinitions: true } : {}),
      ...(values['old-label'] === true ? { keepsLabel: true } : {}),
    },
  };
}
