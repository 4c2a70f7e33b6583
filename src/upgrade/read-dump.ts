import { t } from '@vscode/l10n';
import { EvidenceError, inputName, UnreadableError } from '../evidence/evidence-error.ts';
import { itemsOf } from '../evidence/fold-objects.ts';
import { textOf } from '../evidence/lines.ts';
import { documentsQuoted } from '../evidence/pieces.ts';
import { isDocument, withoutBefore } from '../evidence/read-document.ts';
import type { Input } from '../evidence/read-evidence.ts';
import { count } from '../evidence/words.ts';
import { documentsOf } from '../kubernetes/manifest-documents.ts';
import { resourceNamed, type Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import { keptOf, LOOKED_AT } from './kinds.ts';
import { Snapshot } from './snapshot.ts';
import { wellFormed } from '../kubernetes/well-formed.ts';

/** No dump of a cluster is larger. */
const LARGEST = 256e6;

/**
 * Reads what `kubectl get -o yaml` or `-o json` printed. An object that is given twice is as it was given last.
 * @throws EvidenceError where a file cannot be read, or none holds an object that is looked at
 */
export async function readDump(inputs: readonly Input[]): Promise<Snapshot> {
  const found = new Map<Resource, Map<string, ApiObject>>();
  for (const input of inputs) {
    for (const object of await objectsIn(input, inputs.length > 1)) {
      const resource = lookedAt(object);
      if (resource === undefined) continue;
      const { namespace = '', name } = object.metadata;
      const ofKind = found.get(resource) ?? new Map<string, ApiObject>();
      found.set(resource, ofKind.set(`${namespace}/${name}`, keptOf(resource, object)));
    }
  }
  const source = inputs.length === 1 ? inputName((inputs[0] as Input).name) : count(inputs.length, 'file');
  if (found.size === 0) {
    throw new EvidenceError(
      `${source} holds no object of ARC; give what kubectl get ephemeralrunners,autoscalingrunnersets,deployments,crd -A -o yaml prints`,
    );
  }
  const objects = new Map([...found].map(([resource, ofKind]) => [resource, [...ofKind.values()]]));
  const missing = LOOKED_AT.filter((resource) => !found.has(resource));
  return new Snapshot(
    source,
    '',
    objects,
    new Map(missing.map((resource) => [resource, t('what was given has no {0}', resource.plural)])),
  );
}

/** undefined for what is not looked at */
function lookedAt(object: ApiObject): Resource | undefined {
  const resource = resourceNamed(object);
  return resource !== undefined && LOOKED_AT.includes(resource) ? resource : undefined;
}

/** @param isBeside whether others are given: a log or a note among them is no dump, and is passed over */
async function objectsIn(input: Input, isBeside: boolean): Promise<readonly ApiObject[]> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of input.bytes) {
    pieces.push(piece);
    size += piece.length;
    if (size > LARGEST) throw new UnreadableError(input.name, 'it is larger than 256 MB');
  }
  const text = textOf(Buffer.concat(pieces));
  const quoted = documentsQuoted(text);
  if (isBeside && quoted.length === 0) return [];
  try {
    return (quoted.length === 0 ? [text] : quoted)
      .flatMap((document) => documentsOf(withoutBefore(document)))
      .flatMap(itemsOf)
      .filter((object) => lookedAt(object) !== undefined)
      .map((object) => {
        const right = wellFormed(object);
        if (right !== undefined) return right;
        throw new Error(`${object.kind} ${object.metadata.name} is not as Kubernetes writes it`);
      });
  } catch (error) {
    throw new UnreadableError(input.name, reasonOf(error as Error, text));
  }
}

/** Where a parser stopped; its own words are about rules of YAML, which are of no use for a file that is none. */
function reasonOf({ message }: Error, text: string): string {
  const place = / at (line \d+, column \d+)/.exec(message)?.[1];
  if (place !== undefined && !isDocument(text.split('\n'))) {
    return 'it is neither YAML nor JSON of objects; give what kubectl get -o yaml prints, and a log of the controller with --log';
  }
  const why = place === undefined ? message : `its YAML breaks off in ${place}`;
  return `${why}; give what kubectl get -o yaml prints`;
}
