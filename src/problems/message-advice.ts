import { t } from '@vscode/l10n';

type Advice = readonly (readonly [says: RegExp, advice: () => string])[];

/** What helps a pod that no node takes, by what the scheduler says; the first that fits counts. */
const SCHEDULING: Advice = [
  [
    /persistentvolumeclaim|PersistentVolume|VolumeBinding|volume node affinity|exceed max volume count/,
    () =>
      t('Check the persistent volume claim of the pod: whether it exists, its storage class, and the zone it is in.'),
  ],
  [
    /\bInsufficient\b|Too many pods|resources? \(?no instance type|no instance type/,
    () => t('Add nodes, or lower what the pod requests.'),
  ],
  [
    /node affinity|node selector|affinity\/selector/,
    () => t("Label a node as the pod's nodeSelector and affinity ask for, or change them in the pod template."),
  ],
  [/untolerated taint|taint/, () => t('Add a toleration for the taint to the pod template, or nodes without it.')],
];

const IMAGE: Advice = [
  [
    /toomanyrequests|rate limit|429/i,
    () => t('The registry limits pulls: log in with imagePullSecrets, or use a mirror or another registry.'),
  ],
  [
    /unauthorized|denied|forbidden|authentication required|authorization failed|\b40[13]\b/i,
    () => t('The registry refuses the pull: check imagePullSecrets, and that its account may read the image.'),
  ],
  [/no match for platform/i, () => t("Choose an image for the node's architecture, or nodes that fit the image.")],
  [
    /manifest unknown|not found/i,
    () =>
      t('Check image, tag and imagePullSecrets: the registry has no such image, or does not show it to this account.'),
  ],
  [/no space left/i, () => t('Free disk space on the node, or use a smaller image.')],
  [
    /no such host|dial tcp|timeout|deadline exceeded|connection refused|EOF|x509|TLS/i,
    () => t('Check the way from the node to the registry: DNS, proxy, certificates.'),
  ],
];

const VOLUME: Advice = [
  [
    /storage ?class.*not found|no storage class/i,
    () => t('Name a storage class that exists (kubectl get storageclass) in the volume of the pod template.'),
  ],
  [
    /topology|CSINode/i,
    () =>
      t(
        'Check the storage driver on the nodes: its node pod must run on each (kubectl get csinodes), where no taint keeps it off.',
      ),
  ],
  [
    /quota|limit|exceed/i,
    () => t('Raise the quota on storage, or remove volumes that nobody needs: kubectl get pvc -A.'),
  ],
  [
    /denied|forbidden|unauthorized|not authorized|\b403\b/i,
    () => t('Give the storage driver the right that the message names.'),
  ],
];

/** What helps a container that cannot be created. */
const CONTAINER: Advice = [
  [
    /runAsNonRoot/,
    () =>
      t(
        'Set runAsUser in the securityContext of the pod template, or use an image whose user is a number other than 0.',
      ),
  ],
  [
    /\bexec: "|exec format error|executable file not found|starting container process/,
    () => t('Correct command and args of the container in the pod template, or use an image that has the file.'),
  ],
  [
    /cannot find volume/,
    () => t('Add a volume of that name to the pod template, or correct the name in volumeMounts.'),
  ],
  [
    /failed to reserve container name|deadline ?exceeded|connection refused|transport is closing|no space left/i,
    () => t("Check the node's container runtime, its load and its disk: it does not create containers in time."),
  ],
  [
    /secret "[^"]+-runner-[a-z0-9]{5}" not found/,
    () =>
      t(
        "ARC makes this secret for each runner and deletes it with the runner: see whether the runner is still there (kubectl get ephemeralrunners), and in the controller's log why the secret was not made.",
      ),
  ],
];

/** @returns undefined where the kubelet's words are none of those known */
export function containerAdvice(message: string): string | undefined {
  return CONTAINER.find(([says]) => says.test(message))?.[1]();
}

/** What helps where no volume is made, by what the driver says. */
export function volumeAdvice(message: string): string {
  return (
    VOLUME.find(([says]) => says.test(message))?.[1]() ??
    t('Look at the storage class of the claim and at its driver: kubectl describe pvc.')
  );
}

/** @returns undefined where the scheduler's words are none of those known */
export function schedulingAdvice(message: string): string | undefined {
  return SCHEDULING.find(([says]) => says.test(message))?.[1]();
}

/** @returns undefined where the kubelet's words are none of those known */
export function imageAdvice(message: string): string | undefined {
  return IMAGE.find(([says]) => says.test(message))?.[1]();
}
