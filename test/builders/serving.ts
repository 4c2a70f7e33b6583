import { SecretRegistry } from '../../src/base/redact.ts';
import { openKubeconfig } from '../../src/kubernetes/remote/kubeconfig.ts';
import { ApiTransport } from '../../src/kubernetes/remote/transport.ts';
import { arcLab, type Finished } from './arc-lab.ts';

/** `arc-lab serve` while `act` runs; then it is sent the signal, Ctrl-C by default. */
export async function serving(
  args: readonly string[],
  act: () => Promise<void>,
  signal: NodeJS.Signals = 'SIGINT',
): Promise<Finished> {
  let acted: Promise<unknown> = Promise.resolve();
  const finished = await arcLab(['serve', ...args], {
    whenSaid: {
      text: 'Ctrl-C ends',
      act: (child) => {
        acted = act().finally(() => child.kill(signal));
        acted.catch(() => undefined);
      },
    },
  });
  await acted;
  return finished;
}

/** A client with the kubeconfig's current context, or another. */
export async function connected<T>(
  kubeconfig: string,
  act: (api: ApiTransport) => Promise<T>,
  context?: string,
): Promise<T> {
  const secrets = new SecretRegistry();
  const access = await openKubeconfig({ file: kubeconfig, secrets, ...(context === undefined ? {} : { context }) });
  const transport = new ApiTransport(access);
  try {
    return await act(transport);
  } finally {
    transport.close();
  }
}
