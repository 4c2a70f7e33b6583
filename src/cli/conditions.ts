import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatDuration } from '../base/duration.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import type { ConditionsChange } from '../run/conditions-control.ts';
import { changeRemoteConditions, ConditionsError } from '../run/remote-conditions.ts';
import { faults as faultsIn, parse, singleSettings, textOf } from './options.ts';
import { DEFAULT_KUBECONFIG } from './serve.ts';
import { RunError } from './usage.ts';

/** `arc-lab conditions` */
export async function conditions(
  args: readonly string[],
  out: NodeJS.WriteStream,
  signal: AbortSignal,
  secrets: SecretRegistry,
): Promise<void> {
  const values = parse(args, ['kubeconfig', 'api-latency', 'jit-latency', 'fail'], ['clear']);
  const { apiLatencyUs, jitLatencyUs } = singleSettings(values);
  const { faults, actionsFaults } = faultsIn(values['fail']);
  const change: ConditionsChange = {
    ...(values['api-latency'] === undefined ? {} : { apiLatencyUs }),
    ...(values['jit-latency'] === undefined ? {} : { jitLatencyUs }),
    ...(values['clear'] === true ? { clear: true } : {}),
    ...(faults.length > 0 ? { faults } : {}),
    ...(actionsFaults.length === 0 ? {} : { actionsFaults }),
  };
  const kubeconfig = resolve(textOf(values, 'kubeconfig') ?? DEFAULT_KUBECONFIG);
  if (!existsSync(kubeconfig)) {
    const what = 'start arc-lab serve, which writes one, or name its kubeconfig with --kubeconfig';
    throw new RunError(`no kubeconfig found at ${kubeconfig}; ${what}`);
  }
  const asked = changeRemoteConditions(kubeconfig, change, secrets);
  const now = await unlessAborted(asked, signal).catch((error: Error) => {
    if (error instanceof ConditionsError) throw new RunError(error.message);
    throw error;
  });
  out.write(`API latency ${formatDuration(now.apiLatencyUs)}, JIT latency ${formatDuration(now.jitLatencyUs)}\n`);
  const answered = (status: number): string => (status === 0 ? 'connection cut' : String(status));
  for (const { verb, resource, status, times } of now.faults) {
    out.write(`the next ${times} of ${verb} ${resource}: ${answered(status)}\n`);
  }
  for (const { operation, status, times } of now.actionsFaults ?? []) {
    out.write(`the next ${times} of ${operation}: ${answered(status)}\n`);
  }
}
