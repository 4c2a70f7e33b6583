import { resolve } from 'node:path';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { inWords } from '../base/count-words.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import { VERBS } from '../run/conditions-control.ts';
import { changeRemoteConditions } from '../run/remote-conditions.ts';
import { withJobDuration } from '../run/job-duration.ts';
import { placeOfState } from '../serve/data-file.ts';
import { LAB_NAMESPACE } from '../run/embedded-environment.ts';
import { isServedKubeconfig } from '../serve/served-kubeconfig.ts';
import { contextOf, ServedCluster, type ServeSettings } from '../serve/served-cluster.ts';
import { POD_PRESET_NAMES } from '../run/settings.ts';
import { aborted } from './aborted.ts';
import { jobsText, parseLoad } from '../run/job-load.ts';
import { isLoad, jobLoad } from './jobs.ts';
import { checkWritable, writing } from './output.ts';
import { count, parse, singleSettings, textOf, type Values } from './options.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { RunError, UsageError } from './usage.ts';

/** Of a name that is a DNS label. */
const MOST_LETTERS = 63;

export const DEFAULT_KUBECONFIG = 'arc-lab.kubeconfig';

/** `arc-lab serve` */
export async function serve(
  args: readonly string[],
  out: NodeJS.WriteStream,
  signal: AbortSignal,
  secrets: SecretRegistry,
): Promise<void> {
  const values = parse(
    args,
    ['port', 'actions-port', 'kubeconfig', 'data', 'namespace', 'pods', 'user', 'runners', 'seed'].concat([
      'api-latency',
      'jit-latency',
      'pod-start',
      'job-duration',
      'jobs',
    ]),
    ['without-controllers'],
    ['load'],
  );
  const settings = serveSettings(values);
  const runners = count('runners', textOf(values, 'runners') ?? '0', 0);
  const kubeconfig = resolve(textOf(values, 'kubeconfig') ?? DEFAULT_KUBECONFIG);
  checkWritable(kubeconfig);
  writing(kubeconfig, () => checkOwn(kubeconfig));
  await unlessAborted(checkNotServed(kubeconfig, secrets), signal);
  if (settings.dataFile !== undefined) checkWritable(stateFileOf(settings.dataFile));
  const say = (sentence: string): void => void out.write(`${sentence}\n`);
  const served = await ServedCluster.start(settings, say).catch((error: Error) => {
    throw new RunError(error.message);
  });
  for (const { token } of served.users) secrets.add(token);
  try {
    // The file holds tokens; one that was there with wider rights is replaced.
    writing(kubeconfig, () => writeKubeconfig(kubeconfig, served.kubeconfig()));
    await served.createRunners(runners);
    out.write(`Kubernetes API  ${served.url}\n`);
    out.write(`Actions service ${served.actionsUrl} (githubConfigUrl ${served.githubConfigUrl})\n`);
    out.write(`kubeconfig      ${kubeconfig}\n`);
    for (const { name } of settings.users) {
      out.write(`user            ${name}: kubectl --context ${contextOf(name)}\n`);
    }
    if (settings.pods !== undefined) {
      out.write(`pods            ${settings.pods}: ${POD_PRESET_NAMES.get(settings.pods) ?? 'as the file says'}\n`);
    }
    if (settings.jobs !== undefined) {
      out.write(`jobs            ${jobsText(parseLoad(settings.jobs))}; each waits for a listener of a scale set\n`);
    }
    out.write('No controller runs here: start your own with this kubeconfig, or\n');
    const mode = RELEASES.default.id;
    out.write(`     arc-lab run --mode ${mode} --kubeconfig ${kubeconfig} --context ${contextOf()} --apply\n`);
    out.write(`Try: kubectl --kubeconfig ${kubeconfig} get ephemeralrunners,pods -w; Ctrl-C ends\n`);
    await aborted(signal);
  } finally {
    await served.close().catch((error: Error) => {
      throw new RunError(error.message);
    });
  }
}

function serveSettings(values: Values): ServeSettings {
  const { runners: _runners, jobs: _jobs, ...shared } = values;
  const { apiLatencyUs, jitLatencyUs, pods, podStartUs, jobDurationUs, seed } = withJobDuration(singleSettings(shared));
  const namespaces = namespaceList(values['namespace']);
  return {
    port: port('port', values['port']),
    actionsPort: port('actions-port', values['actions-port']),
    seed,
    namespaces: namespaces.length === 0 ? [LAB_NAMESPACE] : namespaces,
    apiLatencyUs: values['api-latency'] === undefined ? 0 : apiLatencyUs,
    jitLatencyUs,
    pods,
    podStartUs,
    jobDurationUs,
    jobs: jobsOption(values['jobs']),
    users: userOptions(values['user']),
    controllers: values['without-controllers'] !== true,
    dataFile: values['data'] === undefined ? undefined : resolve(values['data'] as string),
    load: filesToLoad(values),
  };
}

/** @throws RunError */
function stateFileOf(dataFile: string): string {
  try {
    return placeOfState(dataFile).state;
  } catch (error) {
    throw new RunError((error as Error).message);
  }
}

/** @throws UsageError for what an API server would refuse: nothing would be created then */
function namespaceList(value: Values[string]): string[] {
  const names = typeof value === 'string' ? value.split(',').filter((part) => part !== '') : [];
  const wrong = names.find((name) => name.length > MOST_LETTERS || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name));
  if (wrong === undefined) return names;
  throw new UsageError(
    `--namespace: ${JSON.stringify(wrong)} is no name of a namespace; it has lower case letters, digits and -, begins and ` +
      `ends with a letter or digit, and has at most ${MOST_LETTERS} characters`,
  );
}

/** @throws UsageError */
function jobsOption(text: Values[string]): string | undefined {
  if (typeof text !== 'string') return undefined;
  jobLoad('jobs', text);
  return text;
}

/** @throws UsageError for jobs, which `--load` of other commands takes */
function filesToLoad(values: Values): string[] {
  return ((values['load'] ?? []) as readonly string[]).map((text) => {
    if (isLoad(text) && !existsSync(text)) {
      throw new UsageError(`--load takes a file of objects here; jobs are given as --jobs ${JSON.stringify(text)}`);
    }
    return resolve(text);
  });
}

function port(name: string, text: Values[string]): number {
  if (text === undefined) return 0;
  if (!/^\d+$/.test(String(text)) || Number(text) > 65_535) {
    throw new UsageError(`--${name} must be a port from 0 to 65535 (0 picks one), not ${JSON.stringify(text)}`);
  }
  return Number(text);
}

/** `viewer=get,list,watch:pods,secrets;create:pods` and further users after a space. */
function userOptions(value: Values[string]): ServeSettings['users'] {
  if (typeof value !== 'string') return [];
  return value
    .split(/\s+/)
    .filter((text) => text !== '')
    .map((text) => {
      const match = /^([a-z0-9][-a-z0-9.]*)=(.*)$/.exec(text);
      const rights = (match?.[2] ?? '').split(';').map((part) => /^([a-z*,]+):([a-z0-9.*,/-]+)$/.exec(part));
      if (match === null || rights.some((right) => right === null)) {
        throw new UsageError(
          `--user must look like viewer=get,list,watch:pods,secrets;create:pods, not ${JSON.stringify(text)}`,
        );
      }
      return {
        name: match[1] as string,
        rights: rights.map((right) => ({
          verbs: (right?.[1] ?? '').split(',').map(knownVerb),
          resources: (right?.[2] ?? '').split(','),
        })),
      };
    });
}

/** @throws UsageError */
function knownVerb(verb: string): string {
  if (VERBS.includes(verb)) return verb;
  throw new UsageError(`--user: no such verb: ${verb}; there are ${inWords(VERBS)}`);
}

/**
 * Somebody's own kubeconfig, or anything else that is there, must not be lost.
 * @throws Error for the end of a sentence
 */
function checkOwn(file: string): void {
  if (!statSync(file).isFile()) throw new Error('it is not a file');
  const text = readFileSync(file, 'utf8');
  if (text !== '' && !isServedKubeconfig(text)) {
    throw new Error('it exists and arc-lab serve has not written it; name another file with --kubeconfig');
  }
}

/** What serves on this machine answers sooner, or not at all: a process that is stopped takes connections all the same. */
const ANSWER_MS = 5_000;

/**
 * The clients of a cluster that is still served would be cut off from it.
 * @throws RunError
 */
async function checkNotServed(kubeconfig: string, secrets: SecretRegistry): Promise<void> {
  if (readFileSync(kubeconfig, 'utf8') === '') return;
  const asked = changeRemoteConditions(kubeconfig, {}, secrets).then(
    () => 'still runs; end that one',
    () => undefined,
  );
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<string>((resolve) => {
    const says = 'takes connections and does not answer: it is stopped or very busy; end its process';
    timer = setTimeout(() => resolve(says), ANSWER_MS);
  });
  const found = await Promise.race([asked, silence]);
  clearTimeout(timer);
  if (found === undefined) return;
  throw new RunError(
    `${kubeconfig} is that of another arc-lab serve, which ${found}, or name another file with --kubeconfig`,
  );
}

function writeKubeconfig(file: string, text: string): void {
  writeFileSync(file, '', { mode: 0o600 });
  chmodSync(file, 0o600);
  writeFileSync(file, text);
}
