import { existsSync } from 'node:fs';
import { isJsonObject } from '../base/json.ts';
import { manifestOf, readManifestBytes } from './manifest-file.ts';

/** Where `--data FILE` keeps the state, and the objects that it begins with. */
interface DataPlace {
  readonly state: string;
  /** A file of somebody's own with Kubernetes objects, which is read and never written. */
  readonly manifest: string | undefined;
}

/**
 * The state is kept in the file itself, or beside it where the file holds objects in YAML or JSON.
 * @throws Error with a sentence for a file that cannot be read
 */
export function placeOfState(path: string): DataPlace {
  const bytes = existsSync(path) ? readManifestBytes(path) : Buffer.alloc(0);
  const text = bytes.toString('utf8').trimStart();
  if (text === '' || (text.startsWith('{') && !isManifest(path, bytes))) return { state: path, manifest: undefined };
  try {
    manifestOf(path, bytes);
  } catch (error) {
    throw new Error(`${(error as Error).message}; it is left as it is`);
  }
  return { state: `${path}.state`, manifest: path };
}

function isManifest(path: string, bytes: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (!isJsonObject(value) || typeof value['kind'] !== 'string') return false;
  } catch {
    // YAML may begin with a brace too.
  }
  try {
    manifestOf(path, bytes);
    return true;
  } catch {
    return false;
  }
}
