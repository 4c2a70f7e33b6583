import { endsWell, type Subject } from '../run/fate.ts';
import type { RunSpec } from '../run/run-spec.ts';
import type { SpecRun } from '../run/simulate-spec.ts';

type Asked = RunSpec & { readonly subject: Subject };

/**
 * Whose end is looked at: the first runner that ended badly, or the first; where a set makes the runners, all of them, as those
 * that it makes have other names in every future.
 * @param namespace of the runners
 */
export async function chooseSubject(
  spec: RunSpec,
  namespace: string,
  run: (spec: RunSpec) => Promise<SpecRun>,
): Promise<Asked> {
  if (makesOwnRunners(spec)) return { ...spec, subject: { kind: 'all' } };
  const asked = runnerNames(spec).map((name): Asked => ({
    ...spec,
    subject: { kind: 'runner', key: `${namespace}/${name}` },
  }));
  for (const one of asked) {
    const { fate } = await run(one);
    if (fate !== undefined && !endsWell(fate)) return one;
  }
  return asked[0] ?? { ...spec, subject: { kind: 'all' } };
}

/** Whether runners have no lasting names. */
export function makesOwnRunners({ load }: RunSpec): boolean {
  return load?.scaleSet !== undefined || load?.throughSet === true;
}

export function runnerNames({ settings }: RunSpec): readonly string[] {
  return Array.from({ length: settings.runners }, (_, index) => `runner-${index + 1}`);
}
