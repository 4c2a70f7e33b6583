/** How packed files begin that are not unpacked, and what they are. */
const PACKED: readonly { readonly magic: string; readonly is: string }[] = [
  { magic: '504b0304', is: 'a zip archive; unpack it and give the folder' },
  { magic: '504b0506', is: 'an empty zip archive' },
  { magic: '28b52ffd', is: 'packed with zstd; unpack it with zstd -d' },
  { magic: 'fd377a585a00', is: 'packed with xz; unpack it with xz -d' },
  { magic: '425a68', is: 'packed with bzip2; unpack it with bzip2 -d' },
  { magic: '377abcaf271c', is: 'a 7z archive; unpack it and give the folder' },
];

/** What a file is that begins so, as the end of a sentence; undefined for one that can be read. */
export function packedAs(beginning: Uint8Array): string | undefined {
  const hex = Buffer.from(beginning.subarray(0, 8)).toString('hex');
  const found = PACKED.find(({ magic }) => hex.startsWith(magic));
  return found === undefined ? undefined : `it is ${found.is}`;
}

export function isGzip(beginning: Uint8Array): boolean {
  return beginning[0] === 0x1f && beginning[1] === 0x8b;
}
