import { UnreadableError } from '../evidence/evidence-error.ts';
import { openInput, unpacked } from '../evidence/open-input.ts';
import type { Input } from '../evidence/read-evidence.ts';

export function isWebAddress(name: string): boolean {
  return /^https?:\/\//.test(name);
}

/** A file, standard input for `-`, or an address of the web, which is read with a GET and no credentials. */
export function evidenceInput(name: string, signal: AbortSignal): Input {
  if (!isWebAddress(name)) return { name, bytes: openInput(name) };
  // What an address asks for besides may be a credential.
  const shown = name.replace(/[?#].*$/, '');
  return { name: shown, bytes: unpacked(shown, download(name, shown, signal)) };
}

/** @throws UnreadableError, and what the network says */
async function* download(address: string, shown: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const response = await fetch(address, { signal, credentials: 'omit' }).catch((error: unknown) => {
    // Why it failed is in the cause; the error itself says only that it did.
    throw error instanceof Error && error.cause !== undefined ? error.cause : error;
  });
  if (!response.ok || response.body === null) throw new UnreadableError(shown, `the answer is ${response.status}`);
  yield* response.body;
}
