/** What findings about the same quota have in common; undefined where a text names none. */
export function quotaCause(text: string): string | undefined {
  const name = /exceeded quota:? ([\w.-]+)/.exec(text)?.[1];
  return name === undefined ? undefined : quotaNamed(name);
}

export function quotaNamed(name: string): string {
  return `quota ${name}`;
}
