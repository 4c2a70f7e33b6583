import * as vscode from 'vscode';
import type { ShownSession } from '../run.ts';

/** Fewer runners are there before anybody could read how many there are. */
const WORTH_SHOWING = 1_000;
const LOOK_EVERY_MS = 250;

/** Shows how far the creation of many runners has come; it can be cancelled, which keeps those that are there. */
export async function showCreation(sessions: readonly ShownSession[]): Promise<void> {
  const creations = (): NonNullable<ShownSession['run']['creation']>[] =>
    sessions.filter(({ stopped }) => !stopped).flatMap(({ run }) => run.creation ?? []);
  const wanted = sessions.reduce((sum, { settings, run }) => sum + (run.creation?.count ?? settings.runners), 0);
  if (wanted < WORTH_SHOWING) return;
  const title = vscode.l10n.t('Creating {0} runners', wanted.toLocaleString());
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    token.onCancellationRequested(() => {
      for (const creation of creations()) creation.cancel();
    });
    let reported = 0;
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const all = creations();
      const answered = all.reduce((sum, creation) => sum + creation.answered, 0);
      progress.report({
        message: vscode.l10n.t('{0} so far', answered.toLocaleString()),
        increment: (100 * (answered - reported)) / wanted,
      });
      reported = answered;
      const isOver = all.every((creation) => creation.answered >= creation.count);
      if (isOver && (all.length > 0 || sessions.every(({ stopped }) => stopped))) return;
    }
  });
}
