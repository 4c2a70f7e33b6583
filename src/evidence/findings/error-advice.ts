import { t } from '@vscode/l10n';
import { SESSION_ENDED } from './error-reason.ts';

/** Who reports an error: the way of a listener to GitHub is set by the chart of its scale set, and a container makes no passes. */
export type ReportedBy = 'controller' | 'listener' | 'container';

/** What to do, by what an error says; the first that fits counts. */
const ADVICE: readonly (readonly [says: RegExp, advice: (error: string, by: ReportedBy) => string])[] = [
  [
    /because it is being terminated/i,
    () =>
      t(
        'The namespace that the message names is being deleted, and takes nothing new: find out who deletes it, and install the scale set in another one.',
      ),
  ],
  [
    /cannot unmarshal (?:bool\b|.*failures)/i,
    () =>
      t(
        `Runners of another release have values in status.failures that this one cannot read: kubectl patch ephemeralrunner -n NAMESPACE NAME --subresource=status --type=merge -p '{"status":{"failures":null}}' for each; upgrade-check names them.`,
      ),
  ],
  [
    /cannot unmarshal/i,
    () =>
      t(
        'An object was written by another release than that of the controller and cannot be read: upgrade-check on the objects names it and what to do.',
      ),
  ],
  [
    /could not find the requested resource|no matches for kind/i,
    () =>
      t(
        'The definition (CRD) of that kind is missing or lacks the version that the controller reads: install those of its release, as Helm does not upgrade them.',
      ),
  ],
  [
    /the server has received too many requests|please try again later/i,
    () =>
      t(
        'The API server of the cluster turns requests away (priority and fairness): find out who sends them, and look at the load of the control plane.',
      ),
  ],
  [
    // Only the API server has such paths.
    /etcdserver|leader changed|the server is currently unable|unexpected on the server|"https?:\/\/[^/"\s]+\/(?:apis|api\/v1)\/[^"]*": (?:dial tcp .*connection refused|EOF|.*(?:timeout|deadline exceeded))/i,
    () =>
      t(
        "The cluster's control plane did not answer (API server or etcd): look at it for that time. ARC tries again by itself.",
      ),
  ],
  [
    /client rate limiter Wait/i,
    () =>
      t(
        "It is the Kubernetes client's own limit or its deadline, not GitHub's: where it comes often, raise flags.k8sClientRateLimiterQPS and look at the load of the API server.",
      ),
  ],
  [
    /rate limit|\b429\b|TooManyRequests/i,
    () =>
      t("It is GitHub's rate limit: wait for its reset, or split the scale sets over a second GitHub App or token."),
  ],
  [
    SESSION_ENDED,
    () =>
      t(
        'GitHub has ended the session, so configuration and token are not the cause: the listener asks for a new one when it starts again. Where it comes often, read issue 4356 of actions-runner-controller.',
      ),
  ],
  [
    /invalid config URL|github config url is invalid/i,
    () =>
      t(
        'Correct githubConfigUrl of the scale set: https://, the host, and the organization, enterprise or repository. Until then no runner is made.',
      ),
  ],
  [
    /active session/i,
    () =>
      t(
        'Another listener has the session of this scale set: delete the one too many, or wait until the session of one that ended has expired.',
      ),
  ],
  [
    /SessionConflictException|\/session failed\. HTTP Status: Conflict/,
    () =>
      t(
        'A former session of this runner is still open at GitHub, as after its container was killed and started again in the same pod: look at lastState in kubectl get pod -o yaml (OOMKilled needs more memory), and delete the runner, so that its set makes another.',
      ),
  ],
  [
    /failed calling webhook/i,
    () =>
      t(
        "The cluster's admission webhook does not answer: look at the service that the message names. ARC tries again.",
      ),
  ],
  [
    /'(?:iat|exp|nbf)'|token used before issued/i,
    () =>
      t("The clock of the controller's node is wrong: GitHub refuses a token of another time. Check its time service."),
  ],
  [
    /JSON web token could not be decoded/i,
    () =>
      t(
        "The GitHub App's id and private key do not belong together, or the key is damaged: check both in the secret that githubConfigSecret names.",
      ),
  ],
  [
    /admission webhook .* denied|denied the request/i,
    () =>
      t(
        "A policy of the cluster refuses it: change the pod template to what the message asks for, or ask the policy's owner for an exception.",
      ),
  ],
  [
    /\bcannot \w+ resource\b/i,
    () =>
      t(
        "Give that user the right which the message names: the chart's Role or ClusterRole has it, so look what has changed them or their binding.",
      ),
  ],
  [
    /the object has been modified/i,
    () =>
      t(
        'Two writers change this object; ARC tries again by itself. Where it goes on, look for a second controller or a tool that writes it too.',
      ),
  ],
  [
    /service ?account.*not found/i,
    () =>
      t(
        'Create the service account that the pod template names (serviceAccountName), in the namespace of the runners.',
      ),
  ],
  [
    /no runner group found/i,
    () =>
      t(
        'Check runnerGroup in the values of the scale set: GitHub has no group of that name, or the token or the GitHub App may not see it.',
      ),
  ],
  [
    /RunnerScaleSetExists|runner scale set \S* ?already exists/i,
    () =>
      t(
        'GitHub has a scale set of that name in the same runner group: delete it there, or choose another runnerScaleSetName.',
      ),
  ],
  [
    /secret.*not found/i,
    () =>
      t(
        "Create the secret that the message names, in the namespace of the runners; githubConfigSecret names the one with GitHub's credentials.",
      ),
  ],
  [
    /RunnerScaleSetNotFound|No runner scale set found with/i,
    () =>
      t(
        'GitHub has no scale set of that id any more: remove the annotation runner-scale-set-id from the AutoscalingRunnerSet, or install the scale set again, so that GitHub gets it again.',
      ),
  ],
  [
    /200 OK.*(?:decode|parse)|decode .*\bEOF\b/i,
    () =>
      t(
        'GitHub, or a proxy before it, answered with an empty or cut body, and that ends the listener; the controller makes its pod again. Where it comes often, look at the proxies on the way, and at issue 4470 of actions-runner-controller for a release that goes on.',
      ),
  ],
  [
    /SessionExpired|session identifier \S+ is not valid/i,
    () =>
      t(
        'GitHub no longer has this session of the listener; the next listener asks for one of its own. Where it comes again and again, look for a second listener of the scale set.',
      ),
  ],
  [
    /must specify (?:limits|requests)\./i,
    () =>
      t(
        'A quota of the namespace wants every container to say what it requests: set resources of the containers that the message names in the pod template, or a LimitRange with defaults.',
      ),
  ],
  [
    /violates PodSecurity/i,
    () =>
      t(
        'The pod security of the namespace forbids it: dind needs the label pod-security.kubernetes.io/enforce: privileged on the namespace; containerMode kubernetes does not.',
      ),
  ],
  [
    /attempting to grant RBAC permissions not currently held/i,
    () =>
      t(
        "The controller may not give rights that it lacks itself: install the chart of the controller in the scale set's version, whose ClusterRole has them.",
      ),
  ],
  [
    /scale set is disabled/i,
    () => t('Somebody has disabled these runners at GitHub: ask the owner of the organization that the message names.'),
  ],
  [
    /certificate has expired|certificate .*not yet valid/i,
    (error) =>
      t(
        "Renew the certificate of {0}, or check the clock of the node: the message gives the node's time and that of the certificate.",
        hostIn(error),
      ),
  ],
  [
    /Registration (?:\S+ )?was not found|registration has been deleted/i,
    () =>
      t(
        'The service no longer has this runner: look for who removed it. Delete the runner, so that its set makes another.',
      ),
  ],
  [/\bversion\b.*\bdeprecated\b/i, () => t('Use a current image of actions-runner in the pod template.')],
  [
    /\b404\b/,
    () => t('Check githubConfigUrl, and that the token or the GitHub App may see it: GitHub answers 404 to both.'),
  ],
  [
    /\b407\b|proxyconnect|via proxy/i,
    (_, by) =>
      by === 'listener'
        ? t(
            "Check the proxy that the scale set's chart names (proxy): its address, its secret, and what it lets through.",
          )
        : t(
            "Check the proxy that the controller's chart names (proxy): its address, its secret, and what it lets through.",
          ),
  ],
  [
    /\b401\b|\bUnauthorized\b|Bad credentials/i,
    () => t('Renew the token or the key of the GitHub App in the secret that githubConfigSecret names.'),
  ],
  [
    /\b403\b|forbidden/i,
    () => t('See what the message names: a right of the controller, a policy, or a permission of the GitHub App.'),
  ],
  [
    /no such host|server misbehaving|name resolution|\bdial \w+: lookup /i,
    (error) =>
      t(
        "The cluster's DNS finds no address for {0}: check that host's name, and CoreDNS and where it asks.",
        hostIn(error),
      ),
  ],
  [
    /remote certificate is invalid|PartialChain|UntrustedRoot/,
    () =>
      t(
        'The runner does not trust the certificate of the GitHub server: name its authority in githubServerTLS of the scale set, with runnerMountPath, so that runners get it.',
      ),
  ],
  [
    /unknown authority/i,
    (error) =>
      t(
        'The controller does not trust the certificate of {0}: give its authority in githubServerTLS of the scale set, or that of a proxy which opens connections.',
        hostIn(error),
      ),
  ],
  [
    /timeout|deadline|connection refused|no such host|EOF|TLS|x509/i,
    (error, by) =>
      by === 'listener'
        ? t('Look at the way from the listener to {0}: DNS, proxy, certificates, network policies.', hostIn(error))
        : t('Look at the way from the controller to {0}: DNS, proxy, certificates, network policies.', hostIn(error)),
  ],
  [/\b5\d\d\b|giving up after/i, () => t('The service failed; look at githubstatus.com for that time.')],
];

const LOOKED_UP = /\blookup ([\w.-]+)/;
const ASKED = /https?:\/\/(?:[^/\s"@]*@)?([\w.:-]+)/;

/** The host that an error names, or words for it. */
function hostIn(error: string): string {
  return LOOKED_UP.exec(error)?.[1] ?? ASKED.exec(error)?.[1] ?? t('the host that did not answer');
}

/** Of objects that the controller makes and removes itself a copy may be old; what others have to make is missing. */
const PASSING = [
  /the object has been modified/,
  /^(?!.*RunnerScaleSetExists).*already exists/,
  /\b(?:pods?|(?:ephemeralrunner|ephemeralrunnerset|autoscalinglistener|autoscalingrunnerset)s?\.actions\.github\.com) "[^"]*" not found/i,
  // A secret that has the runner's own name.
  /secrets? "…" not found/i,
];

export function adviceForError(error: string, by: ReportedBy = 'controller'): string {
  const known = ADVICE.find(([says]) => says.test(error));
  if (known !== undefined) return known[1](error, by);
  return by === 'container'
    ? t("It comes from the program in the runner's container: search for the message in the issues of actions/runner.")
    : t('Search for the message in the issues of actions-runner-controller; it says what the pass could not do.');
}

/** Whether an error is of a kind that the next pass gets over. */
export function isPassing(error: string): boolean {
  return PASSING.some((pattern) => pattern.test(error));
}
