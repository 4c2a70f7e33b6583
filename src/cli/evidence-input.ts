import { systemProblem } from '../base/system-problem.ts';
import { EvidenceError } from '../evidence/evidence-error.ts';
import { openInput, unpacked } from '../evidence/open-input.ts';
import type { Input } from '../evidence/read-evidence.ts';

/** A file, standard input for `-`, or an address of the web, which is read with a GET and no credentials. */
export function evidenceInput(name: string, signal: AbortSignal): Input {
  return { name, bytes: /^https?:\/\//.test(name) ? download(name, signal) : openInput(name) };
}

/** @throws EvidenceError */
async function* download(address: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const shown = address.replace(/[?#].*$/, '');
  try {
    const response = await fetch(address, { signal, credentials: 'omit' });
    if (!response.ok || response.body === null) throw new EvidenceError(`${shown} answers ${response.status}`);
    yield* unpacked(response.body);
  } catch (error) {
    if (error instanceof EvidenceError) throw error;
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    throw new EvidenceError(`${shown} cannot be read: ${systemProblem(cause)}`);
  }
}
