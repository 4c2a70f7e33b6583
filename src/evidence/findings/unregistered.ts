import { t } from '@vscode/l10n';
import { splitKey } from '../../kubernetes/types.ts';
import type { Finding, Rule } from '../finding.ts';
import { lengthUs } from '../seen.ts';
import { clock, firstAndLast, spanBetween } from '../words.ts';

/** A runner is registered before it has a pod; a busy controller takes minutes for that. */
const LONG_US = 600e6;
/** A set with runners to remove looks again at least this often. */
const APART_US = 150e6;

/** Runners that their set cannot remove for long, as they have never been registered. */
export const unregistered: Rule = (reading) =>
  [...reading.unregistered].flatMap(([key, skipped]): Finding[] => {
    const us = lengthUs(skipped);
    const { namespace, name } = splitKey(key);
    const runner = reading.runners.get(namespace, name);
    const isRegistered = runner !== undefined && (runner.hasPod || runner.milestones.has('registered'));
    if (us < LONG_US || isRegistered || reading.latestUs - skipped.last.at.us > APART_US) return [];
    return [
      {
        id: 'unregistered',
        severity: 'warning',
        sentence: t(
          '{0} has not been registered for {1}, since {2}: its set does not remove it.',
          ...[name, spanBetween(reading, skipped.first, skipped.last)],
          clock(skipped.first),
        ),
        details: [t('It counts for its set, which makes one runner less meanwhile.')],
        runners: [name],
        evidence: firstAndLast(skipped, t('its set skips it')),
        confidence: 'sure',
        advice: t(
          'Look at its status and at the lines of the controller about it: kubectl get ephemeralrunner -n {0} {1} -o yaml. If nothing is on its way, delete it.',
          namespace,
          name,
        ),
        weightUs: us,
      },
    ];
  });
