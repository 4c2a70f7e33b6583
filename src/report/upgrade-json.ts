import type { UpgradeAnswer } from '../upgrade/check.ts';

/** The answer of `arc-lab upgrade-check` for programs, as media/upgrade-check.schema.json says. */
export function upgradeJson(answer: UpgradeAnswer): string {
  const { hazards, actions, effect, ...rest } = answer;
  const written = {
    ...rest,
    effect: effect ?? null,
    hazards: hazards.map(({ actions: toDo, ...hazard }) => ({ ...hazard, actions: toDo.map(actionJson) })),
    actions: actions.map(actionJson),
  };
  return `${JSON.stringify(written, null, 2)}\n`;
}

function actionJson({ stage, does, command }: UpgradeAnswer['actions'][number]): object {
  return { stage, does, command: command ?? null };
}
