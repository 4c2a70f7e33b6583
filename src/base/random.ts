/** A seeded random stream (sfc32). One stream a purpose, so that one more draw here never shifts another there. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, purpose = '') {
    this.#a = seed | 0;
    this.#b = (seed / 2 ** 32) | 0;
    this.#c = hashString(purpose);
    for (let i = 0; i < 15; i++) this.next();
  }

  /** Uniform in [0, 1). */
  next(): number {
    const t = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    return (t >>> 0) / 2 ** 32;
  }

  /** Uniform integer in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** `value` moved by up to `fraction` of itself either way, rounded to an integer. */
  jitter(value: number, fraction: number): number {
    return Math.round(value * (1 + (this.next() * 2 - 1) * fraction));
  }

  /** @param digits at most 64 */
  hex(digits: number): string {
    for (let at = 0; at < digits; at += 4) HEX_BYTES.writeUInt16BE(this.below(0x10000), at / 2);
    return HEX_BYTES.toString('hex', 0, Math.ceil(digits / 2)).slice(0, digits);
  }
}

/** The bytes of the hexadecimal text that is being made. */
const HEX_BYTES = Buffer.alloc(32);

/** FNV-1a, 32 bits. */
export function hashString(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
