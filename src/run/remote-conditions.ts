import type { SecretRegistry } from '../base/redact.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import { CONTROL_PATH } from '../kubernetes/embedded/http/control-path.ts';
import { openKubeconfig } from '../kubernetes/remote/kubeconfig.ts';
import { ApiTransport } from '../kubernetes/remote/transport.ts';
import type { ConditionsChange, ConditionsDocument } from './conditions-control.ts';

/** The cluster did not take the change; the message is one sentence. */
export class ConditionsError extends Error {
  override readonly name = 'ConditionsError';
}

/**
 * Changes the conditions of a cluster that `arc-lab serve` serves elsewhere; an empty change only asks.
 * @throws KubeconfigError, ConditionsError
 */
export async function changeRemoteConditions(
  kubeconfig: string,
  change: ConditionsChange,
  secrets: SecretRegistry,
): Promise<ConditionsDocument> {
  const transport = new ApiTransport(await openKubeconfig({ file: kubeconfig, secrets }));
  const isQuestion = Object.keys(change).length === 0;
  try {
    const answer = await (isQuestion
      ? transport.json('GET', CONTROL_PATH)
      : transport.json('POST', CONTROL_PATH, change));
    return answer as ConditionsDocument;
  } catch (error) {
    if (error instanceof ApiError) {
      const failed = isQuestion ? 'the conditions could not be read' : 'the conditions were not changed';
      // No server answered: its kubeconfig outlives it.
      const hint = error.code === 0 ? '; if arc-lab serve has ended, start it again' : '';
      throw new ConditionsError(`${failed}: ${error.message.replace(/; is the API server running\?$/, '')}${hint}`);
    }
    throw error;
  } finally {
    transport.close();
  }
}
