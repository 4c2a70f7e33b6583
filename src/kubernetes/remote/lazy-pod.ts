import { keyOf, type ObjectMeta, type Pod, type PodSpec, type PodStatus } from '../types.ts';

/**
 * Pods that are parsed when somebody looks. A large cluster reports thousands of changes a second, nearly all of them to
 * the status of pods: what did not change of a pod since its last event is compared as bytes and shared with it, the rest
 * is kept as text until it is read. The text is that of Go's encoder: metadata (name, namespace, uid and version first,
 * managedFields last), spec and status in this order. Quotes within strings are escaped, so what is searched for here
 * cannot be in one.
 */
const HEAD = Buffer.from('{"kind":"Pod","apiVersion":"v1","metadata":{');
const VERSION = Buffer.from(',"resourceVersion":"');
const MANAGED_FIELDS = Buffer.from(',"managedFields":[');
const SPEC = Buffer.from(',"spec":{');
const STATUS = Buffer.from(',"status":{');
const QUOTE = 0x22;

/** Reads the pods of one list and watch. */
export class PodReader {
  /** The last state of every pod, by the text of its metadata before the version. */
  readonly #stable = new Map<string, StablePart>();

  /**
   * @param line holds the object from `start` to its end, after which `after` bytes follow; it is not kept
   * @returns undefined for what is no pod in this form; it must be parsed as a whole then
   */
  read(line: Buffer, start: number, after: number): Pod | undefined {
    if (!beginsWith(line, HEAD, start)) return undefined;
    const metadataAt = start + HEAD.length - 1;
    const versionAt = line.indexOf(VERSION, metadataAt) + VERSION.length;
    const versionEnd = line.indexOf(QUOTE, versionAt);
    const statusAt = line.lastIndexOf(STATUS);
    if (versionAt < VERSION.length || versionEnd < 0 || statusAt < versionEnd) return undefined;
    const identity = line.toString('utf8', metadataAt, versionAt);
    const version = line.toString('latin1', versionAt, versionEnd);
    let stable = this.#stable.get(identity);
    if (stable?.isIn(line, versionEnd, statusAt) !== true) {
      stable = StablePart.of(identity, line, metadataAt, versionEnd, statusAt);
      if (stable?.metadata.resourceVersion !== version) return undefined;
      this.#stable.set(identity, stable);
    }
    const status = line.toString('utf8', statusAt + STATUS.length - 1, line.length - after - 1);
    return new LazyPod(stable, version, status);
  }

  /** A pod of a list, whose parsed form is let go of. */
  readItem(item: Pod): Pod {
    const { apiVersion: _apiVersion, kind: _kind, ...rest } = item;
    const text = `{"kind":"Pod","apiVersion":"v1",${JSON.stringify(rest).slice(1)}`;
    return this.read(Buffer.from(text), 0, 0) ?? { ...item, apiVersion: 'v1', kind: 'Pod' };
  }

  /** Lets go of what is kept of a pod that is gone. */
  forget(pod: Pod): void {
    if (pod instanceof LazyPod) this.#stable.delete(pod.identity);
  }

  /** Drops everything, before a list that replaces it. */
  clear(): void {
    this.#stable.clear();
  }
}

/** What stays of a pod from one change of its status to the next: the metadata but for the version, and the spec. */
class StablePart {
  readonly identity: string;
  /** `namespace/name`, one string for all states of the pod. */
  readonly key: string;
  readonly metadata: ObjectMeta;
  /** The metadata's bytes after the version, without managed fields, then the spec's. */
  readonly #bytes: Buffer;
  readonly #specAt: number;
  #spec: PodSpec | undefined;

  private constructor(identity: string, metadata: ObjectMeta, bytes: Buffer, specAt: number) {
    this.identity = identity;
    this.key = keyOf(metadata);
    this.metadata = metadata;
    this.#bytes = bytes;
    this.#specAt = specAt;
  }

  /** @returns undefined for what is no pod in this form */
  static of(
    identity: string,
    line: Buffer,
    metadataAt: number,
    versionEnd: number,
    statusAt: number,
  ): StablePart | undefined {
    const specAt = line.indexOf(SPEC, versionEnd);
    if (specAt < 0 || specAt > statusAt) return undefined;
    const managedAt = line.indexOf(MANAGED_FIELDS, versionEnd);
    // They serve the API server; nobody here reads them.
    const metadataEnd = managedAt >= 0 && managedAt < specAt ? managedAt : specAt - 1;
    const metadata = JSON.parse(`${line.toString('utf8', metadataAt, metadataEnd)}}`) as ObjectMeta;
    const bytes = Buffer.allocUnsafeSlow(metadataEnd - versionEnd + statusAt - specAt);
    line.copy(bytes, 0, versionEnd, metadataEnd);
    line.copy(bytes, metadataEnd - versionEnd, specAt, statusAt);
    return new StablePart(identity, metadata, bytes, metadataEnd - versionEnd);
  }

  /**
   * Whether a later state of the pod has the same. The metadata's bytes must be followed by their end or by managed
   * fields; those of the spec, whose braces match, can only be the whole of what ends where the status begins.
   */
  isIn(line: Buffer, versionEnd: number, statusAt: number): boolean {
    const metadataEnd = versionEnd + this.#specAt;
    const specLength = this.#bytes.length - this.#specAt;
    const specAt = statusAt - specLength;
    return (
      specAt > metadataEnd &&
      line.compare(this.#bytes, 0, this.#specAt, versionEnd, metadataEnd) === 0 &&
      line.compare(this.#bytes, this.#specAt, this.#bytes.length, specAt, statusAt) === 0 &&
      (specAt === metadataEnd + 1 || beginsWith(line, MANAGED_FIELDS, metadataEnd))
    );
  }

  get spec(): PodSpec {
    return (this.#spec ??= JSON.parse(this.#bytes.toString('utf8', this.#specAt + SPEC.length - 1)) as PodSpec);
  }
}

/** A pod as its watch delivered it. */
export class LazyPod implements Pod {
  readonly apiVersion = 'v1';
  readonly kind = 'Pod';
  readonly metadata: ObjectMeta;
  readonly #stable: StablePart;
  #status: string | PodStatus;

  constructor(stable: StablePart, resourceVersion: string, status: string) {
    this.metadata = { ...stable.metadata, resourceVersion };
    this.#stable = stable;
    this.#status = status;
  }

  get identity(): string {
    return this.#stable.identity;
  }

  get key(): string {
    return this.#stable.key;
  }

  get spec(): PodSpec {
    return this.#stable.spec;
  }

  get status(): PodStatus {
    if (typeof this.#status === 'string') this.#status = JSON.parse(this.#status) as PodStatus;
    return this.#status;
  }

  /** Spec and status are no properties of its own, which a copy by spreading would miss. */
  toJSON(): Pod {
    const { apiVersion, kind, metadata, spec, status } = this;
    return { apiVersion, kind, metadata, spec, status };
  }
}

/** Whether `bytes` stand in the line at a place. */
export function beginsWith(line: Buffer, bytes: Buffer, at: number): boolean {
  return line.length >= at + bytes.length && bytes.compare(line, at, at + bytes.length) === 0;
}
