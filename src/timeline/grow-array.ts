type Numbers = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** A copy with room for more; the new slots hold 0. */
export function grown<T extends Numbers>(values: T, length: number): T {
  const longer = new (values.constructor as new (length: number) => T)(length);
  longer.set(values);
  return longer;
}

/** The same values where there is a slot with the number, else a copy at least twice as long that has it. */
export function withRoom<T extends Numbers>(values: T, index: number): T {
  return index < values.length ? values : grown(values, Math.max(index + 1, values.length * 2));
}
