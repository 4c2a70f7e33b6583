const SHOWN = '[redacted]';
const RECENT = 10_000;

/**
 * The credentials that this process has met, so that whatever text leaves it can be cleared of them. A text may quote a
 * credential through no doing of ours: a server's error message, say.
 */
export class SecretRegistry {
  readonly #lasting = new Set<string>();
  /** JIT configs, of which a long run sees very many; each matters only while its pass or its request can fail. */
  #recent: string[] = [];
  #recentIndex = 0;

  /** Registers a value with the forms in which it may be quoted. Very short values would blot out innocent text. */
  add(secret: string): void {
    if (secret.length < 6) return;
    this.#lasting.add(secret);
    this.#lasting.add(Buffer.from(secret).toString('base64'));
    this.#lasting.add(encodeURIComponent(secret));
  }

  addRecent(secret: string): void {
    if (secret.length < 6) return;
    this.#recent[this.#recentIndex] = secret;
    this.#recentIndex = (this.#recentIndex + 1) % RECENT;
  }

  redact(text: string): string {
    let clean = text;
    for (const secret of this.#lasting) if (clean.includes(secret)) clean = clean.replaceAll(secret, SHOWN);
    for (const secret of this.#recent) if (clean.includes(secret)) clean = clean.replaceAll(secret, SHOWN);
    return clean
      .replace(/\b(Bearer|RemoteAuth|Basic)\s+[\w.~+/=-]+/gi, `$1 ${SHOWN}`)
      .replace(/\/\/[^/@\s:]+:[^/@\s]+@/g, `//${SHOWN}@`)
      .replace(/\b(gh[pousr]_|github_pat_)\w{10,}/g, SHOWN);
  }
}
