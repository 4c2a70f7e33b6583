/** The namespace is the same for most: names are shown without it. */
export function shortName(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}
