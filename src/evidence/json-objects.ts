/** A JSON object in a text, and the line on which it begins. */
interface JsonObject {
  readonly value: Readonly<Record<string, unknown>>;
  readonly line: number;
}

/**
 * The objects in a JSON text, one by one, with their lines; what is no object is left out. The text may be cut.
 * @param within in how many other objects they are: 0 for those of an array
 */
export function* objectsOf(text: string, within = 0): Generator<JsonObject> {
  let [depth, start, line, startLine] = [0, 0, 1, 1];
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 10) line++;
    else if (isQuoted) {
      if (code === 92) index++;
      else if (code === 34) isQuoted = false;
    } else if (code === 34) isQuoted = true;
    else if (code === 123) {
      if (depth++ === within) [start, startLine] = [index, line];
    } else if (code === 125 && --depth === within) {
      const value = parsed(text.slice(start, index + 1));
      if (value !== undefined) yield { value, line: startLine };
    }
    if (depth < 0) depth = 0;
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
