import type { SecretRegistry } from '../base/redact.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import { explain } from '../evidence/explain.ts';
import { inputsOf } from '../evidence/inputs.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import { fitThreads } from '../fit/log-fit.ts';
import { upgradeEffect, wantedShown } from '../fit/upgrade-effect.ts';
import { upgradeJson } from '../report/upgrade-json.ts';
import { upgradeMarkdown } from '../report/upgrade-markdown.ts';
import { upgradeText } from '../report/upgrade-text.ts';
import { arcVersion } from '../upgrade/arc-version.ts';
import { checkCluster, checkFiles } from '../upgrade/check-target.ts';
import type { UpgradeAnswer } from '../upgrade/check.ts';
import { otherReleaseText } from '../upgrade/log-release.ts';
import { UnknownVersionError, UpgradeError } from '../upgrade/upgrade-error.ts';
import { parseMixed, textOf } from './options.ts';
import { inThreads } from './simulating.ts';
import { NotCleanError, RunError, UsageError } from './usage.ts';

/**
 * `arc-lab upgrade-check`
 * @throws NotCleanError after the answer
 */
export async function upgradeCheck(
  args: readonly string[],
  out: NodeJS.WriteStream,
  signal: AbortSignal,
  secrets: SecretRegistry,
): Promise<void> {
  const { values, positionals: files } = parseMixed(
    args,
    ['kubeconfig', 'context', 'namespace', 'log', 'to', 'from'],
    ['json', 'markdown'],
  );
  const [kubeconfig, context, namespace] = ['kubeconfig', 'context', 'namespace'].map((name) => textOf(values, name));
  const to = textOf(values, 'to');
  if (to === undefined) throw new UsageError('say to which version with --to, for example --to 0.14.2');
  if (values['json'] === true && values['markdown'] === true) {
    throw new UsageError('--json and --markdown exclude each other');
  }
  const isCluster = [kubeconfig, context, namespace].some((given) => given !== undefined);
  if (isCluster && files.length > 0) {
    throw new UsageError('name a cluster or files, not both');
  }
  if (!isCluster && files.length === 0) {
    throw new UsageError('name a cluster with --context, or files that kubectl get -o yaml has printed');
  }
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('standard input can be read once');
  const versions = { to, from: textOf(values, 'from') };
  const checked = isCluster
    ? checkCluster({ kubeconfig, context, namespace }, versions, secrets)
    : checkFiles(files, versions);
  const checkedAnswer = await unlessAborted(checked, signal).catch((error: unknown) => {
    if (error instanceof UnknownVersionError) throw new UsageError(error.message);
    if (error instanceof UpgradeError) throw new RunError(error.message);
    throw error;
  });
  const log = textOf(values, 'log');
  const answer = log === undefined ? checkedAnswer : await withEffect(checkedAnswer, log, signal);
  out.write(
    (values['json'] === true ? upgradeJson : values['markdown'] === true ? upgradeMarkdown : upgradeText)(answer),
  );
  if (answer.hazards.some(({ severity }) => severity !== 'note')) throw new NotCleanError(answer.verdict, 4);
  if (!answer.isClean) throw new NotCleanError(answer.verdict, 5);
}

/** The answer, with what the wanted version would do to the burst in a log. */
async function withEffect(answer: UpgradeAnswer, log: string, signal: AbortSignal): Promise<UpgradeAnswer> {
  const explanation = explain(await unlessAborted(inputsOf([log]).then(readEvidence), signal));
  const { release, name } = arcVersion(answer.to);
  const remarks = [...answer.remarks, otherReleaseText(explanation, answer.from) ?? []].flat();
  const shown = wantedShown(explanation, answer.from, answer.to);
  if (shown !== undefined) return { ...answer, remarks, effect: shown };
  const effect = await inThreads(fitThreads(explanation), signal, (simulating) =>
    upgradeEffect(explanation, release.id, name, simulating),
  );
  return { ...answer, remarks, effect };
}
