/** runner-2 comes before runner-10, whatever the language. */
const NATURAL = new Intl.Collator('en', { numeric: true });

/** Numbers of the lanes in the order of their names, as people count; those of one name stay as they are. */
export function naturalOrder(names: readonly string[]): Uint32Array {
  const lanes = Uint32Array.from(names, (_, lane) => lane);
  // Most runs make their runners in this order, and to look is much faster than to sort.
  if (names.every((name, lane) => lane === 0 || NATURAL.compare(names[lane - 1] as string, name) <= 0)) return lanes;
  return lanes.sort((a, b) => NATURAL.compare(names[a] as string, names[b] as string) || a - b);
}
