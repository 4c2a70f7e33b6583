import * as vscode from 'vscode';
import { formatDuration } from '../../base/duration.ts';
import { gistOf } from '../../explain/release-words.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import { USUAL_UPGRADE_US, type PastUpgrade } from '../../run/run-target.ts';
import { askDuration } from './ask-conditions.ts';
import type { Change, Options } from './option-change.ts';
import type { Choice } from './pick.ts';
import { askWhich } from './question.ts';
import type { RunOptions } from './run-arguments.ts';

/** The release from which the run's takes over, as after an upgrade of ARC, and what was upgraded with the controller. */
export function upgradeChoices({ upgrade, jobs }: Options): Choice<Change>[] {
  const { t } = vscode.l10n;
  const from = { label: t('Takes over from'), description: upgradeText(upgrade) || t('nobody'), value: askFrom };
  if (upgrade === undefined) return [from];
  const definitions = {
    label: t('Custom resource definitions'),
    description: upgrade.keepsDefinitions === true ? stayed(upgrade) : t('upgraded before the controller'),
    value: (now: Options) => askKept(now, t('Custom resource definitions'), 'keepsDefinitions'),
  };
  if (jobs === undefined) return [from, definitions];
  const chart = {
    label: t('Chart of the scale set'),
    description: upgrade.keepsLabel === true ? stayed(upgrade) : t('upgraded with the controller'),
    value: (now: Options) => askKept(now, t('Chart of the scale set'), 'keepsLabel'),
  };
  return [from, definitions, chart];
}

/** `0.12.1 after 1 min`; empty where no release was there before. */
export function upgradeText(upgrade: PastUpgrade | undefined): string {
  return upgrade === undefined ? '' : vscode.l10n.t('{0} after {1}', upgrade.from, formatDuration(upgrade.afterUs));
}

function stayed({ from }: PastUpgrade): string {
  return vscode.l10n.t('not upgraded: that of {0}', from);
}

async function askFrom({ upgrade }: Options): Promise<Partial<RunOptions> | undefined> {
  const { t } = vscode.l10n;
  const nobody = { label: t('nobody'), description: t('the release is there from the beginning'), from: undefined };
  const releases = RELEASES.all.map((release) => {
    return { label: release.id, description: gistOf(release), from: release.id };
  });
  const chosen = await askWhich([nobody, ...releases], { title: t('Select the release that was there before') });
  if (chosen === undefined) return undefined;
  const { from } = chosen;
  if (from === undefined) return { upgrade: undefined };
  const afterUs = await askDuration(t('After how long is it upgraded?'), upgrade?.afterUs ?? USUAL_UPGRADE_US);
  return afterUs === undefined ? undefined : { upgrade: { ...upgrade, from, afterUs } };
}

async function askKept(
  { upgrade }: Options,
  title: string,
  what: 'keepsDefinitions' | 'keepsLabel',
): Promise<Partial<RunOptions> | undefined> {
  if (upgrade === undefined) return undefined;
  const { t } = vscode.l10n;
  const items = [
    { label: t('upgraded'), keeps: false },
    { label: stayed(upgrade), keeps: true },
  ];
  const chosen = await askWhich(items, { title });
  return chosen && { upgrade: { ...upgrade, [what]: chosen.keeps } };
}
