/** A file in a tar archive. */
interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
/** Where a block tells that it begins a file, and what it says of it. */
const [MAGIC, SIZE, TYPE, PREFIX] = [257, 124, 156, 345];
const FILES = ['0', '\0', ''];
/** GNU's and POSIX's ways to say that the next file has a long name. */
const [LONG_NAME, EXTENDED] = ['L', 'x'];

/** Whether bytes are the beginning of a tar archive. */
export function isTar(beginning: Uint8Array): boolean {
  return textAt(beginning, MAGIC, 5) === 'ustar';
}

/** The files in an archive, in its order; of one that is cut those before the cut, the last of them as long as it is there. */
export function* membersOf(archive: Uint8Array): Generator<Member> {
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length && isTar(archive.subarray(at));) {
    const header = archive.subarray(at, at + BLOCK);
    const size = Number.parseInt(textAt(header, SIZE, 12), 8) || 0;
    const bytes = archive.subarray(at + BLOCK, at + BLOCK + size);
    const type = textAt(header, TYPE, 1);
    const prefix = textAt(header, PREFIX, 155);
    const name = longName ?? (prefix === '' ? '' : `${prefix}/`) + textAt(header, 0, 100);
    longName = type === LONG_NAME ? textAt(bytes, 0, size) : type === EXTENDED ? pathIn(bytes) : undefined;
    if (FILES.includes(type)) yield { name, bytes };
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** The path in POSIX's records: `30 path=folder/name` and a line end. */
function pathIn(bytes: Uint8Array): string | undefined {
  return /^\d+ path=(.*)$/m.exec(Buffer.from(bytes).toString('utf8'))?.[1];
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  const text = Buffer.from(bytes.subarray(at, at + length)).toString('utf8');
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
