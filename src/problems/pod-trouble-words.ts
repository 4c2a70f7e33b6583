import { t } from '@vscode/l10n';
import { RUNNER_CONTAINER } from '../reconciler/names.ts';
import type { PodTrouble } from '../trace/model.ts';
import { exitCodeWords } from './exit-code.ts';
import { containerAdvice, imageAdvice, schedulingAdvice } from './message-advice.ts';

/** What is said of a pod's trouble; `what` is a sentence without its full stop. */
export interface TroubleWords {
  readonly what: string;
  readonly next: string;
  readonly advice: string;
}

/** A pod that commands in advice name, so that they can be copied; a table of events may be without its namespace. */
export interface PodName {
  readonly name: string;
  readonly namespace?: string | undefined;
}

/** What a trouble is, what ARC does about it, and what to do. @param pod that has it, where its name is known */
export function wordsOf(trouble: PodTrouble, pod?: PodName): TroubleWords {
  // A reason may be any text, the name of what every object has too.
  const known = Object.hasOwn(BY_CODE, trouble.code) ? BY_CODE[trouble.code] : undefined;
  if (known !== undefined) return known(trouble, pod);
  if (REJECTED.test(trouble.code)) return rejected(trouble);
  if (trouble.container !== undefined && trouble.exitCode !== undefined) return exited(trouble);
  if (trouble.container !== undefined) return containerWaits(trouble);
  return trouble.ended === true ? podEnded(trouble, t('Pod failed')) : podWaits();
}

/** What a kubelet does not let in. */
const REJECTED = /^(?:OutOf[\w-]+|NodeAffinity|NodePorts|UnexpectedAdmissionError)$/;

function rejected(trouble: PodTrouble): TroubleWords {
  return {
    what: t('Node did not take the pod'),
    next: nextAfterEnd(trouble),
    advice: t(
      'The scheduler chose this node, and its kubelet had no room left: other pods came in between, or pods that need no scheduler. Where it comes often, compare what the node has in kubectl describe node with what runs there.',
    ),
  };
}

const waitsForKubelet = (): string => t('ARC does nothing about it and waits for the pod; the kubelet tries again.');

/** Whose image, configuration or command it is: the runner's own goes without saying. */
function containerOf({ container = RUNNER_CONTAINER, init }: PodTrouble): string {
  return init === true ? t('Init container {0}', container) : t('Container {0}', container);
}

function nextAfterEnd({ overlooked, ended }: PodTrouble): string {
  if (overlooked === true) {
    return t(
      'ARC does not see that the pod has ended (before 0.13.1, and for init containers before 0.14.2): the runner stays so until somebody deletes it or its pod.',
    );
  }
  return ended === true ? endIsSeen() : t("ARC looks only at the runner's container and does nothing about it.");
}

/** What a release does that sees that a pod has ended. */
export function endIsSeen(): string {
  return t('ARC deletes the pod and creates another; it gives up on a runner after more than five failures.');
}

/** What a release does that does not. */
export function endIsOverlooked(release: string): string {
  return t(
    'ARC {0} does not see that the pod has ended: the runner stays so until somebody deletes it or its pod.',
    release,
  );
}

function image(trouble: PodTrouble): TroubleWords {
  const { container = RUNNER_CONTAINER, message = '' } = trouble;
  return {
    what:
      container === RUNNER_CONTAINER
        ? t('Pod cannot pull its image')
        : t('Pod cannot pull the image of {0}', container),
    next: waitsForKubelet(),
    advice: imageAdvice(message) ?? t('Check image, tag and imagePullSecrets.'),
  };
}

function configuration(trouble: PodTrouble): TroubleWords {
  return {
    what: t('{0} cannot be created', containerOf(trouble)),
    next: waitsForKubelet(),
    advice:
      containerAdvice(trouble.message ?? '') ??
      t("Create the secret, config map or key that is missing in the runner's namespace, or correct the pod template."),
  };
}

function start(trouble: PodTrouble): TroubleWords {
  return {
    what: t('{0} cannot be started', containerOf(trouble)),
    next: trouble.ended === true ? nextAfterEnd(trouble) : waitsForKubelet(),
    advice: t('Check command, working directory and volume mounts in the pod template.'),
  };
}

function crashLoop(trouble: PodTrouble, pod?: PodName): TroubleWords {
  const { exitCode, detail } = trouble;
  return {
    what:
      exitCode === undefined
        ? t('{0} keeps ending', containerOf(trouble))
        : t(
            '{0} keeps ending with exit code {1}',
            containerOf(trouble),
            detail === 'OOMKilled' ? `${exitCode}, OOMKilled` : exitCode,
          ),
    next: waitsForKubelet(),
    advice: t('Read the log of its last run: {0}.', logsCommand(trouble, pod)),
  };
}

function logsCommand(
  { container = RUNNER_CONTAINER }: PodTrouble,
  { name = '', namespace = '' }: Partial<PodName> = {},
): string {
  return [
    'kubectl logs',
    ...(namespace === '' ? [] : [`-n ${namespace}`]),
    ...(name === '' ? [] : [name]),
    '--previous',
    ...(container === RUNNER_CONTAINER ? [] : [`-c ${container}`]),
  ].join(' ');
}

function outOfMemory(trouble: PodTrouble): TroubleWords {
  return {
    what: alongside(t('{0} ran out of memory and was killed', containerOf(trouble)), trouble),
    next: nextAfterEnd(trouble),
    advice: t("Raise the container's memory limit, or let its jobs need less."),
  };
}

function exited(trouble: PodTrouble): TroubleWords {
  const { code, exitCode = 0, init } = trouble;
  if (exitCode === 0) {
    return {
      what: t('The runner ended with exit code 0 without a job: the service still knows it'),
      next: nextAfterEnd(trouble),
      advice: t('Read the log of the runner for why it took no job.'),
    };
  }
  const words = exitCodeWords(exitCode);
  const number = words === '' ? String(exitCode) : t('{0}, {1}', exitCode, words);
  const why = code.startsWith('exit ') ? number : `${code}, ${number}`;
  return {
    what: alongside(t('{0} ended with exit code {1}', containerOf(trouble), why), trouble),
    next: nextAfterEnd(trouble),
    advice:
      init === true
        ? t('Read the log of the init container, correct what it says, and delete the pod.')
        : exitCode === 7
          ? t('Use a newer runner image.')
          : exitCode === 137
            ? t("Check the container's memory use and who may have killed it.")
            : t('Read the log of the container.'),
  };
}

/** A sidecar that runs on keeps the pod Running, which hides the end of the runner. */
function alongside(what: string, { detail, init }: PodTrouble): string {
  return detail === undefined || init === true ? what : t('{0} while {1} keeps the pod Running', what, detail);
}

function podEnded(trouble: PodTrouble, what: string, advice = t('Check the events of the pod.')): TroubleWords {
  return { what, next: nextAfterEnd(trouble), advice };
}

function containerWaits(trouble: PodTrouble): TroubleWords {
  return {
    what: t('{0} waits', containerOf(trouble)),
    next: t('ARC waits until the container runs.'),
    advice: t('Check the events of the pod.'),
  };
}

function podWaits(): TroubleWords {
  return {
    what: t('Pod waits'),
    next: t('ARC waits until the pod runs.'),
    advice: t('Check the events of the pod.'),
  };
}

function creating(): TroubleWords {
  return {
    what: t('Containers of the pod are still being created'),
    next: t('ARC waits until the pod runs.'),
    advice: t('Check the events of the pod: a large image, a volume or the network may delay it.'),
  };
}

const BY_CODE: Readonly<Record<string, (trouble: PodTrouble, pod?: PodName) => TroubleWords>> = {
  ErrImagePull: image,
  ImagePullBackOff: image,
  RegistryUnavailable: image,
  ImageInspectError: image,
  ErrImageNeverPull: (trouble) => ({
    ...image(trouble),
    advice: t('The image is not on the node and imagePullPolicy is Never: choose another policy.'),
  }),
  InvalidImageName: (trouble) => ({
    ...image(trouble),
    advice: t('Correct the name of the image in the pod template.'),
  }),
  CreateContainerConfigError: configuration,
  CreateContainerError: configuration,
  RunContainerError: start,
  StartError: start,
  ContainerCannotRun: start,
  CrashLoopBackOff: crashLoop,
  OOMKilled: outOfMemory,
  ContainerCreating: creating,
  PodInitializing: creating,
  InitRunning: (trouble) => ({
    what: t('{0} still runs', containerOf(trouble)),
    next: t('ARC waits until the pod runs.'),
    advice: t('Read the log of the init container, and compare with pods on other nodes.'),
  }),
  Unschedulable: ({ message = '' }) => ({
    what: t('Pod cannot be scheduled'),
    next: t('ARC waits until a node takes the pod.'),
    advice: schedulingAdvice(message) ?? t("Add nodes, or change the pod's requests, node selector and tolerations."),
  }),
  SchedulingGated: () => ({
    what: t('Pod has scheduling gates'),
    next: t('ARC waits until a node takes the pod.'),
    advice: t("Find out who set the pod's scheduling gates; no node takes the pod until they are removed."),
  }),
  NotScheduled: () => ({
    what: t('No scheduler has looked at the pod'),
    next: t('ARC waits until a node takes the pod.'),
    advice: t('Check that a scheduler runs, and the schedulerName of the pod.'),
  }),
  NotStarted: ({ detail }) => ({
    what: detail === undefined ? t('The node has not started the pod') : t('Node {0} has not started the pod', detail),
    next: t('ARC waits until the pod runs.'),
    advice: t('Check the kubelet of the node.'),
  }),
  Evicted: (trouble) =>
    podEnded(
      trouble,
      t('The node evicted the pod'),
      /exceed\w* .*limit/i.test(trouble.message ?? '')
        ? t('Raise that limit in the pod template, or let its jobs use less.')
        : t("Set requests that fit what the pod uses, and look at the node's memory and disk."),
    ),
  NodeLost: (trouble) => ({
    what:
      trouble.detail === undefined ? t('The node no longer answers') : t('Node {0} no longer answers', trouble.detail),
    next: trouble.ended === true ? nextAfterEnd(trouble) : t('ARC waits: nobody knows whether the pod still runs.'),
    advice: t('Check the node; if it is gone, delete it, and the pod with --grace-period=0 --force.'),
  }),
  DeadlineExceeded: (trouble) =>
    podEnded(
      trouble,
      t('Pod ran longer than its activeDeadlineSeconds'),
      t('Raise or remove activeDeadlineSeconds in the pod template.'),
    ),
  Preempting: preempted,
  PreemptionByScheduler: preempted,
  Shutdown: shutDown,
  NodeShutdown: shutDown,
  Terminated: shutDown,
  TerminationByKubelet: shutDown,
  DeletionByTaintManager: (trouble) =>
    podEnded(
      trouble,
      t('A taint of its node ended the pod'),
      t('Give the pod a toleration, or keep it off such nodes.'),
    ),
  EvictionByEvictionAPI: (trouble) =>
    podEnded(
      trouble,
      t('The pod was evicted through the API, as a node drain does'),
      t('Protect runner pods from eviction, or drain nodes only when they are idle.'),
    ),
};

function preempted(trouble: PodTrouble): TroubleWords {
  return podEnded(
    trouble,
    t('Pod was preempted by one of higher priority'),
    t('Give the runners a priority class, or the cluster more room.'),
  );
}

function shutDown(trouble: PodTrouble): TroubleWords {
  return podEnded(
    trouble,
    t('The node of the pod was shut down'),
    t('Find out why the node was shut down; spot and preemptible nodes may be shut down at any time.'),
  );
}
