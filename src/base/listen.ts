import type { AddressInfo, Server } from 'node:net';
import { systemProblem } from './system-problem.ts';

/**
 * Listens on the first of these ports of 127.0.0.1 that nobody has; 0 is any.
 * @param what is to be served, for the error: "the API"
 * @returns the port
 * @throws Error with a sentence when the last of them cannot be had
 */
export async function listenOnLoopback(server: Server, ports: readonly number[], what: string): Promise<number> {
  let failure: NodeJS.ErrnoException | undefined;
  for (const port of ports) {
    failure = await new Promise((resolve) => {
      server.once('error', resolve);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', resolve);
        resolve(undefined);
      });
    });
    if (failure === undefined) return (server.address() as AddressInfo).port;
  }
  throw new Error(`${what} cannot be served at 127.0.0.1:${ports.at(-1)}: ${systemProblem(failure)}`);
}
