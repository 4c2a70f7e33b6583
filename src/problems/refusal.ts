import { t } from '@vscode/l10n';

/** A request that the API server refused, for people. */
interface Refusal {
  /** The server's reason without what it is wrapped in; a quota as a sum. */
  readonly words: string;
  /** What to do, in one sentence. */
  readonly advice: string;
}

const QUOTA = /exceeded quota: ([^,]+), requested: (\S+), used: (\S+), limited: (\S+)/;

/** Says a refusal of a pod in words; a text that is none of those known is left as it is. */
export function refusalOfPod(message: string): Refusal {
  const text = bare(message);
  const quota = QUOTA.exec(text);
  if (quota !== null) return overQuota(quota[1] as string, quota.slice(2).map(amounts));
  for (const { pattern, advice } of KNOWN) {
    const match = pattern.exec(text);
    if (match !== null) return { words: text, advice: advice(match[1] ?? '') };
  }
  return { words: text, advice: t("Change what the server objects to in the runner set's pod template.") };
}

/** `exceeded quota compute: requests.cpu: used 900m + requested 900m > 1`. */
function overQuota(name: string, [requested, used, limited]: readonly ReadonlyMap<string, string>[]): Refusal {
  const sums = [...(requested ?? [])].map(([resource, amount]) => ({
    resource,
    sum: t('used {0} + requested {1} > {2}', used?.get(resource) ?? '0', amount, limited?.get(resource) ?? '0'),
  }));
  const [only] = sums;
  // A quota that counts pods alone is the common one, and needs no name for what it counts.
  const isPodsAlone = sums.length === 1 && only?.resource === 'pods';
  const words = isPodsAlone ? only.sum : sums.map(({ resource, sum }) => `${resource}: ${sum}`).join(', ');
  return {
    words: t('exceeded quota {0}: {1}', name, words),
    advice: t(
      'Raise the quota {0} or lower maxRunners to fit into it, then delete the runner; its set creates another.',
      name,
    ),
  };
}

function amounts(list: string): ReadonlyMap<string, string> {
  return new Map(
    list.split(',').map((pair) => {
      const equals = pair.lastIndexOf('=');
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

/** Without the names of what was made, which people see beside it. */
function bare(message: string): string {
  return message
    .replace(/^Failed to create the pod: /, '')
    .replace(/^\S+ "[^"]*" is forbidden: /, '')
    .replace(/^Pod "[^"]*" is invalid: /, '');
}

/** In this order: a webhook may say anything about the others. */
const KNOWN: readonly { readonly pattern: RegExp; readonly advice: (name: string) => string }[] = [
  {
    pattern: /admission webhook "([^"]+)"/,
    advice: (name) => t('Ask who runs the webhook {0}, or change the pod template to what it demands.', name),
  },
  {
    pattern: /failed calling webhook "([^"]+)"/,
    advice: (name) => t('Check the webhook {0}: the API server cannot reach it.', name),
  },
  {
    pattern: /failed quota: ([^:]+): must specify/,
    advice: (name) => t('Give every container the requests and limits that the quota {0} asks for.', name),
  },
  {
    pattern: /violates PodSecurity "([^"]+)"/,
    advice: (name) =>
      t('Change the pod template to meet the pod security level {0}, or set another level on the namespace.', name),
  },
  {
    pattern: /User "([^"]+)" cannot create resource "pods"/i,
    advice: (name) => t('Allow {0} to create pods in this namespace.', name),
  },
  {
    pattern: /serviceaccount "([^"]+)" not found/i,
    advice: (name) => t('Create the service account {0}, or name another in the pod template.', name),
  },
  {
    pattern: /no PriorityClass with name (\S+) was found/i,
    advice: (name) => t('Create the priority class {0}, or name another in the pod template.', name),
  },
  {
    pattern: /(maximum|minimum) \S+ usage per (?:Container|Pod)/,
    advice: () => t("Change the containers' requests and limits to what the namespace's limit range allows."),
  },
  {
    pattern: /because it is being terminated/,
    advice: () => t('Install the runner set in another namespace: this one is being deleted.'),
  },
];
