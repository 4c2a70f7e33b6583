interface ObjectName {
  readonly name: string;
  readonly namespace: string;
}

/** One field of text, without reading the others; the first of that name, where a line has two. */
export function textField(json: string, name: string): string | undefined {
  const from = valueOf(json, name);
  if (from < 0) return undefined;
  const plain = plainText(json, from);
  if (plain !== undefined) return plain;
  TEXT.lastIndex = from;
  const match = TEXT.exec(json);
  return match === null ? undefined : unquoted(match[1] as string);
}

/** Where the value of a field begins; negative where there is none of that name. */
function valueOf(json: string, name: string): number {
  let key = KEYS.get(name);
  if (key === undefined) KEYS.set(name, (key = `"${name}":`));
  const at = json.indexOf(key);
  if (at < 0) return at;
  const from = at + key.length;
  return json.charCodeAt(from) === SPACE ? from + 1 : from;
}

/** The few names that the code asks for, as they stand in JSON. */
const KEYS = new Map<string, string>();
const [SPACE, QUOTE] = [0x20, 0x22];

/** A text without escapes, as nearly all are; undefined for any other value. */
function plainText(json: string, from: number): string | undefined {
  if (json.charCodeAt(from) !== QUOTE) return undefined;
  const end = json.indexOf('"', from + 1);
  if (end < 0) return undefined;
  const text = json.slice(from + 1, end);
  return text.includes('\\') ? undefined : text;
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
  const from = valueOf(json, name);
  if (from < 0) return undefined;
  NUMBER.lastIndex = from;
  const match = NUMBER.exec(json);
  return match === null ? undefined : Number(match[1]);
}

// A number at the end of a cut line may be cut itself.
const NUMBER = /\s*(-?\d+(?:\.\d+)?)(?=[,}\s])/y;

/** The object that a line is about, `{"name":…,"namespace":…}` or `"namespace/name"`. */
export function objectField(json: string, kind: string): ObjectName | undefined {
  const from = valueOf(json, kind);
  if (from < 0) return undefined;
  const usual = asWritten(json, from);
  if (usual !== undefined) return usual;
  OBJECT.lastIndex = from;
  const match = OBJECT.exec(json);
  if (match === null) return undefined;
  if (match[1] !== undefined) return { name: match[1], namespace: match[2] ?? '' };
  const [namespace = '', name = ''] = (match[3] as string).split('/');
  return { name, namespace };
}

const [BEFORE_NAME, BEFORE_NAMESPACE] = ['{"name":', ',"namespace":'];

/** As ARC writes an object, byte by byte. */
function asWritten(json: string, from: number): ObjectName | undefined {
  if (!json.startsWith(BEFORE_NAME, from)) return undefined;
  const name = plainText(json, from + BEFORE_NAME.length);
  if (name === undefined || name === '') return undefined;
  const next = from + BEFORE_NAME.length + name.length + 2;
  if (!json.startsWith(BEFORE_NAMESPACE, next)) return undefined;
  const namespace = plainText(json, next + BEFORE_NAMESPACE.length);
  return namespace === undefined ? undefined : { name, namespace };
}

const OBJECT = /\s*(?:\{\s*"name":\s*"([^"]+)"(?:,\s*"namespace":\s*"([^"]*)")?|"([^"/]*\/[^"]+)")/y;
