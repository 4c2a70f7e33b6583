import type { Subject } from '../run/fate.ts';
import type { RunSpec } from '../run/run-spec.ts';
import type { SpecRun } from '../run/simulate-spec.ts';

type Asked = RunSpec & { readonly subject: Subject };

/**
 * Whose end is looked at: the first runner that ended badly, and where none did the first, beginning with those that
 * something happens to. Where a set makes the runners it is all of them, as those that it makes have other names in every
 * future.
 * @param namespace of the runners
 */
export async function chooseSubject(
  spec: RunSpec,
  namespace: string,
  run: (spec: RunSpec) => Promise<SpecRun>,
): Promise<Asked> {
  if (makesOwnRunners(spec)) return { ...spec, subject: { kind: 'all' } };
  const named = (spec.load?.happenings ?? []).flatMap((one) => ('runner' in one ? (one.runner ?? []) : []));
  const names = runnerNames(spec);
  const likely = named.filter((name) => names.includes(name));
  const keys = [...new Set([...likely, ...names])].map((name) => `${namespace}/${name}`);
  const { fate } = await run({ ...spec, subject: { kind: 'first', keys } });
  const key = fate?.key ?? keys[0];
  return { ...spec, subject: key === undefined ? { kind: 'all' } : { kind: 'runner', key } };
}

/** Whether runners have no lasting names. */
export function makesOwnRunners({ load }: RunSpec): boolean {
  return load?.scaleSet !== undefined || load?.throughSet === true;
}

export function runnerNames({ settings }: RunSpec): readonly string[] {
  return Array.from({ length: settings.runners }, (_, index) => `runner-${index + 1}`);
}
