import { REDACTED, withoutKnownForms } from './credential-shapes.ts';

const RECENT = 10_000;
/** Shorter values would blot out innocent text. */
const SHORTEST = 6;

/**
 * The credentials that this process has met, so that whatever text leaves it can be cleared of them. A text may quote a
 * credential through no doing of ours: a server's error message, say.
 */
export class SecretRegistry {
  readonly #lasting = new Set<string>();
  /** JIT configs; a long run sees very many, and each matters only while its pass or its request can fail. */
  #recent: string[] = [];
  #recentIndex = 0;
  /** Those by how they begin: a text is looked through once, however many there are. */
  readonly #recentByStart = new Map<string, Set<string>>();

  /** Registers a value with the forms in which it may be quoted. */
  add(secret: string): void {
    if (secret.length < SHORTEST) return;
    this.#lasting.add(secret);
    this.#lasting.add(Buffer.from(secret).toString('base64'));
    this.#lasting.add(encodeURIComponent(secret));
  }

  addRecent(secret: string): void {
    if (secret.length < SHORTEST) return;
    this.#forget(this.#recent[this.#recentIndex]);
    this.#recent[this.#recentIndex] = secret;
    this.#recentIndex = (this.#recentIndex + 1) % RECENT;
    const start = secret.slice(0, SHORTEST);
    const alike = this.#recentByStart.get(start);
    if (alike === undefined) this.#recentByStart.set(start, new Set([secret]));
    else alike.add(secret);
  }

  redact(text: string): string {
    if (text === '') return text;
    let clean = text;
    for (const secret of this.#lasting) if (clean.includes(secret)) clean = clean.replaceAll(secret, REDACTED);
    for (const secret of this.#recentIn(clean)) clean = clean.replaceAll(secret, REDACTED);
    return withoutKnownForms(clean);
  }

  #recentIn(text: string): ReadonlySet<string> {
    const found = new Set<string>();
    for (let at = 0; at + SHORTEST <= text.length; at++) {
      for (const secret of this.#recentByStart.get(text.slice(at, at + SHORTEST)) ?? []) {
        if (text.startsWith(secret, at)) found.add(secret);
      }
    }
    return found;
  }

  #forget(secret: string | undefined): void {
    if (secret === undefined) return;
    const alike = this.#recentByStart.get(secret.slice(0, SHORTEST));
    alike?.delete(secret);
    if (alike?.size === 0) this.#recentByStart.delete(secret.slice(0, SHORTEST));
  }
}
