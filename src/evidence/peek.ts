/** The beginning of a file, and all of it from there. */
interface Peeked {
  /** Empty where there is nothing, or where it cannot be read: reading on says why. */
  readonly beginning: Uint8Array;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Looks at the first bytes of what is read once. */
export async function peek(bytes: AsyncIterable<Uint8Array>): Promise<Peeked> {
  const pieces = bytes[Symbol.asyncIterator]();
  try {
    const first = await pieces.next();
    if (first.done === true) return { beginning: new Uint8Array(), bytes: continued(undefined, pieces) };
    return { beginning: first.value, bytes: continued(first.value, pieces) };
  } catch (error) {
    return { beginning: new Uint8Array(), bytes: failing(error) };
  }
}

async function* continued(
  first: Uint8Array | undefined,
  pieces: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (first === undefined) return;
  yield first;
  yield* { [Symbol.asyncIterator]: () => pieces };
}

function failing(error: unknown): AsyncIterable<Uint8Array> {
  const failure = error instanceof Error ? error : new Error(String(error));
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }) };
}
