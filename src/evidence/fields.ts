interface ObjectName {
  readonly name: string;
  readonly namespace: string;
}

/** One field of text, without reading the others; the first of that name, where a line has two. */
export function textField(json: string, name: string): string | undefined {
  const at = json.indexOf(`"${name}":`);
  if (at < 0) return undefined;
  TEXT.lastIndex = at + name.length + 3;
  const match = TEXT.exec(json);
  if (match === null) return undefined;
  return unquoted(match[1] as string);
}

/** A JSON string as the text that it stands for; one with escapes that JSON does not know stays as it is. */
export function unquoted(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.slice(1, -1);
  }
}

const TEXT = /\s*("(?:[^"\\]|\\.)*")/y;

/** A numeric field, without reading the others. */
export function numberField(json: string, name: string): number | undefined {
  const at = json.indexOf(`"${name}":`);
  if (at < 0) return undefined;
  NUMBER.lastIndex = at + name.length + 3;
  const match = NUMBER.exec(json);
  return match === null ? undefined : Number(match[1]);
}

// A number at the end of a cut line may be cut itself.
const NUMBER = /\s*(-?\d+(?:\.\d+)?)(?=[,}\s])/y;

/** The object that a line is about, `{"name":…,"namespace":…}` or `"namespace/name"`. */
export function objectField(json: string, kind: string): ObjectName | undefined {
  const at = json.indexOf(`"${kind}":`);
  if (at < 0) return undefined;
  OBJECT.lastIndex = at + kind.length + 3;
  const match = OBJECT.exec(json);
  if (match === null) return undefined;
  if (match[1] !== undefined) return { name: match[1], namespace: match[2] ?? '' };
  const [namespace = '', name = ''] = (match[3] as string).split('/');
  return { name, namespace };
}

const OBJECT = /\s*(?:\{\s*"name":\s*"([^"]+)"(?:,\s*"namespace":\s*"([^"]*)")?|"([^"/]*\/[^"]+)")/y;
