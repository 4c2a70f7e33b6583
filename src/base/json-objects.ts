import { isJsonObject, type JsonObject } from './json.ts';

/** A JSON object in a text, and where it stands. */
interface PlacedObject {
  readonly value: JsonObject;
  /** As it is written: where a key stands twice, `value` has lost the first. */
  readonly text: string;
  /** Characters before it. */
  readonly from: number;
  /** On which line it begins, from 1. */
  readonly line: number;
}

/**
 * The objects in a JSON text, one by one; what is no object is left out. The text may be cut.
 * @param within in how many other objects they are: 0 for those of an array, or one after the other
 */
export function* objectsOf(text: string, within = 0): Generator<PlacedObject> {
  let [depth, from, line, startLine] = [0, 0, 1, 1];
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 10) line++;
    else if (isQuoted) {
      if (code === 92) index++;
      else if (code === 34) isQuoted = false;
    } else if (code === 34) isQuoted = true;
    else if (code === 123) {
      if (depth++ === within) [from, startLine] = [index, line];
    } else if (code === 125 && --depth === within) {
      const written = text.slice(from, index + 1);
      const value = parsedObject(written);
      if (value !== undefined) yield { value, text: written, from, line: startLine };
    }
    if (depth < 0) depth = 0;
  }
}

/** Undefined for a text that is no JSON, and for JSON that is no object. */
export function parsedObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
