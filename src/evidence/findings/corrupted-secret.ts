import { t } from '@vscode/l10n';
import type { OfOne, Rule } from '../finding.ts';
import { lengthUs } from '../seen.ts';
import { firstAndLast, timesOver, withNote } from '../words.ts';

/** The secret of a runner lacks the id of its registration: ARC deletes it and registers the runner again, each time. */
export const corruptedSecret: Rule = (reading) =>
  withNote(reading, 'secret corrupted').flatMap(({ runner, note }): OfOne[] => {
    const { name, namespace, hasPod } = runner;
    const us = lengthUs(note);
    // Once is what is left of a controller that ended between two requests.
    if (hasPod && note.count === 1) return [];
    return [
      {
        id: 'corrupted-secret',
        severity: hasPod ? 'warning' : 'error',
        sentence: t(
          "The secret of {0} lacked its runner's id {1}: ARC deletes such a secret and registers the runner again.",
          name,
          timesOver(reading, note.count, us),
        ),
        details: hasPod ? [t('It got its pod in the end.')] : [t('No end of it is in the log: it has no pod.')],
        runners: [name],
        evidence: firstAndLast(note, t('the secret lacks runnerId and is deleted')),
        confidence: 'sure',
        advice: t(
          'See what else writes this secret, as a policy or a program that copies secrets does: kubectl get secret -n {0} {1} -o yaml --show-managed-fields names it.',
          namespace,
          name,
        ),
        weightUs: hasPod ? 0 : us,
        alike: {
          cause: String(hasPod),
          sentence: (who) =>
            t(
              "The secrets of {0} lacked their runners' ids: ARC deletes such secrets and registers the runners again.",
              who,
            ),
          lastedUs: us,
        },
      },
    ];
  });
