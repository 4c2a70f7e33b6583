/** Digits of the longest version that an API server of today can give: a number of 64 bits. */
const SERVER_DIGITS = 20;

/**
 * Resource versions of an overlay. Clients may compare a version for equality and, where both are decimal numbers, by
 * size. Each version of the overlay is a decimal number with more digits than any that the cluster below has given or,
 * as long as its versions have 64 bits, will ever give: it equals none of them and follows all of them.
 */
export class OverlayVersions {
  #digits = SERVER_DIGITS;

  /** Takes note of a version that the cluster below has given. */
  see(version: string | undefined): void {
    if (version !== undefined && version.length > this.#digits) this.#digits = version.length;
  }

  /** @param change number of the overlay's change, from 0; later changes have higher numbers */
  of(change: number): string {
    return `1${String(change).padStart(this.#digits, '0')}`;
  }
}
