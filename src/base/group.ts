/**
 * Adds a value to the list that a map has for its key.
 * @returns the place that the value has got in it
 */
export function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): number {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  return list === undefined ? 0 : list.push(value) - 1;
}

/** Values by key, those of one key in their order. */
export function groupBy<K, V>(values: Iterable<V>, keyOf: (value: V) => K): Map<K, V[]> {
  const lists = new Map<K, V[]>();
  for (const value of values) addTo(lists, keyOf(value), value);
  return lists;
}
