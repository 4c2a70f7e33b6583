import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { explain, type Explanation } from '../../../src/evidence/explain.ts';
import { unpacked } from '../../../src/evidence/open-input.ts';
import { readEvidence } from '../../../src/evidence/read-evidence.ts';

const PACKED = readFileSync(new URL('logs/set-100-workers-2-latest.controller.log.gz', import.meta.url));
const TEXT = gunzipSync(PACKED).toString();
const LINES = TEXT.trimEnd().split('\n');
const HALF = LINES.length >> 1;
const LONG = 10 << 20;

/** What is concluded from a file, read in pieces of this size. */
async function explained(bytes: Uint8Array, piece = 1 << 16): Promise<Explanation> {
  const file = unpacked('controller.log', pieces(bytes, piece));
  return explain(await readEvidence([{ name: 'controller.log', bytes: file }]));
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size)
    yield await Promise.resolve(bytes.subarray(from, Math.min(bytes.length, from + size)));
}

function utf16(text: string, isBigEndian = false): Buffer {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBigEndian ? bytes.swap16() : bytes;
}

function withLine(line: string): Buffer {
  return Buffer.from([...LINES.slice(0, HALF), line, ...LINES.slice(HALF)].join('\n'));
}

const [FIRST, SECOND] = [`${LINES.slice(0, HALF).join('\n')}\n`, LINES.slice(HALF).join('\n')];

describe('a log in a file that something was done to', () => {
  const WHOLE: readonly [what: string, bytes: Uint8Array, problems: RegExp, unknown: number][] = [
    ['with line ends of Windows', Buffer.from(TEXT.replaceAll('\n', '\r\n')), /^$/, 0],
    ['with line ends of old programs', Buffer.from(TEXT.replaceAll('\n', '\r')), /^$/, 0],
    ['in UTF-16 with a mark and line ends of Windows', utf16(TEXT.replaceAll('\n', '\r\n')), /^$/, 0],
    ['in UTF-16, big end first', utf16(TEXT.replaceAll('\n', '\r\n'), true), /^$/, 0],
    ['in UTF-16 without a mark', Buffer.from(TEXT, 'utf16le'), /^$/, 0],
    [
      'in UTF-8, to which PowerShell has appended',
      Buffer.concat([Buffer.from(FIRST), Buffer.from(SECOND.replaceAll('\n', '\r\n'), 'utf16le')]),
      /^[\d,]+ zero bytes are left out of it$/,
      0,
    ],
    ['with a block of zero bytes in the middle', withLine('\0'.repeat(4096)), /^4,096 zero bytes are left out/, 0],
    [
      'with zero bytes before all',
      Buffer.concat([Buffer.alloc(4096), Buffer.from(TEXT)]),
      /^4,096 zero bytes are left out/,
      0,
    ],
    [
      'with a zero byte in each line',
      Buffer.from(TEXT.replaceAll('EphemeralRunner\t', 'EphemeralRunner\0\t')),
      /^[\d,]+ zero bytes are left out/,
      0,
    ],
    ['with a line of 10 MB', withLine('x'.repeat(LONG)), /^$/, 1],
    ['with 10 MB of nested objects', withLine('{"a":'.repeat(LONG / 5)), /^$/, 1],
    ['with 10 MB of cells', withLine('"a""'.repeat(LONG / 4)), /^$/, 1],
    ['packed in two parts', Buffer.concat([gzipSync(FIRST), gzipSync(SECOND)]), /^$/, 0],
    ['packed, without the end of its checksum', gzipSync(TEXT).subarray(0, -4), /^it ends too early/, 0],
  ];
  for (const [what, bytes, problems, unknown] of WHOLE) {
    it(`says the same as the log itself: ${what}`, async () => {
      const plain = await explained(Buffer.from(TEXT));
      for (const size of [1 << 16, 4097]) {
        const { verdict, runners, files } = await explained(bytes, size);
        assert.equal(verdict, plain.verdict);
        assert.equal(runners.length, 100);
        assert.match(files[0]?.problems.join() ?? '', problems);
        assert.equal(files[0]?.unknown, unknown);
      }
    });
  }

  const DAMAGED: readonly [what: string, damage: (packed: Buffer) => Uint8Array, problem: RegExp][] = [
    ['with other bytes behind its end', (packed) => Buffer.concat([packed, Buffer.alloc(20, 'x')]), /^it is damaged/],
    ['that is cut', (packed) => packed.subarray(0, Math.floor(packed.length * 0.7)), /^it ends too early/],
    [
      'with a byte that is not right',
      (packed) => Buffer.from(packed).fill(0xff, packed.length - 9000, packed.length - 8992),
      /^it is damaged \(.*\): what comes after is not known$/,
    ],
  ];
  for (const [what, damage, problem] of DAMAGED) {
    it(`is read up to the damage where it is packed: ${what}`, async () => {
      const long = gzipSync(`${TEXT}\n`.repeat(5), { level: 1 });
      const { files } = await explained(damage(long));
      assert.ok((files[0]?.lines ?? 0) > 3 * LINES.length, `${files[0]?.lines} lines`);
      assert.match(files[0]?.problems.filter((each) => !/stamp|stand in it again/.test(each)).join() ?? '', problem);
    });
  }

  it('ends for every byte of a packed one that is changed', async () => {
    for (let at = 12; at < PACKED.length; at += 397) {
      const bytes = Buffer.from(PACKED);
      bytes[at] = (bytes[at] as number) ^ 0xff;
      await explained(bytes).catch((error: unknown) => assert.match(String(error), /^EvidenceError: \S/));
    }
  });
});
