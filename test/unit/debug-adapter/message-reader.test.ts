import assert from 'node:assert/strict';
import { MessageReader } from '../../../src/debug-adapter/message-reader.ts';
import { Random } from '../../../src/base/random.ts';

const frame = (message: unknown, length?: number): string => {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return `Content-Length: ${length ?? Buffer.byteLength(text)}\r\n\r\n${text}`;
};
const [FIRST, SECOND] = [
  { seq: 1, type: 'request', command: 'threads' },
  {
    seq: 2,
    type: 'request',
    command: 'evaluate',
    arguments: { expression: 'Content-Length: 7\r\n\r\n{"é": "\u{1f600}"}' },
  },
];

/** What is read of chunks, and how often it is said that something was none. */
function read(chunks: readonly Buffer[]): { readonly messages: readonly object[]; readonly garbage: number } {
  const messages: object[] = [];
  let garbage = 0;
  const reader = new MessageReader({ onMessage: (message) => messages.push(message), onGarbage: () => garbage++ });
  for (const chunk of chunks) reader.take(chunk);
  return { messages, garbage };
}

/** Every way in which a text comes: whole, byte by byte, and in chunks of any length. */
function waysOf(text: string | Buffer): readonly (readonly Buffer[])[] {
  const bytes = Buffer.from(text as string);
  const random = new Random(1);
  const cut = (next: () => number): Buffer[] => {
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length;) {
      const length = next();
      chunks.push(bytes.subarray(at, at + length));
      at += length;
    }
    return chunks;
  };
  return [[bytes], cut(() => 1), ...Array.from({ length: 50 }, () => cut(() => 1 + random.below(60)))];
}

describe('messages of the debug protocol from a stream', () => {
  it('come whole, in whatever chunks they come', () => {
    for (const way of waysOf(frame(FIRST) + frame(SECOND) + frame(FIRST))) {
      assert.deepEqual(read(way), { messages: [FIRST, SECOND, FIRST], garbage: 0 });
    }
  });

  it('come with headers as some clients write them', () => {
    const text = JSON.stringify(SECOND);
    const length = Buffer.byteLength(text);
    for (const headers of [
      `content-length: ${length}\r\n\r\n`,
      `Content-Length:${length}\r\n\r\n`,
      `Content-Length: ${length}\n\n`,
      `Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: ${length}\r\n\r\n`,
      `Content-Length: ${length}\r\nContent-Type: application/json\r\n\r\n`,
    ]) {
      for (const way of waysOf(`${headers}${text}${frame(FIRST)}`)) {
        assert.deepEqual(read(way), { messages: [SECOND, FIRST], garbage: 0 }, headers);
      }
    }
  });

  for (const [what, garbage] of [
    ['a line', 'hello\n'],
    ['lines and an empty one', 'hello\r\nthere\r\n\r\n'],
    ['a length that is no number', 'Content-Length: abc\r\n\r\n'],
    ['a length below 0', 'Content-Length: -5\r\n\r\n'],
    ['a length beyond all that is ever sent', 'Content-Length: 99999999999\r\n\r\n'],
    ['a message that is shorter than it says', frame(FIRST, 70)],
    ['a message that is longer than it says', frame(FIRST, 10)],
    ['what is no JSON', frame('{{{{')],
    ['null', frame('null')],
    ['a list', frame([1, 2])],
    ['bytes that are no text', Buffer.from([0, 255, 254, 13, 10, 13, 10, 200])],
    ['a mark of byte order', '\ufeff'],
    ['a long text without a message', 'x'.repeat(100_000)],
  ] as const) {
    it(`come after ${what}, which is said`, () => {
      const text = Buffer.concat([
        Buffer.from(frame(FIRST)),
        Buffer.from(garbage as string),
        Buffer.from(frame(SECOND)),
      ]);
      for (const way of waysOf(text).slice(0, what.startsWith('a long') ? 1 : undefined)) {
        const { messages, garbage: said } = read(way);
        assert.deepEqual(messages, [FIRST, SECOND]);
        assert.ok(said > 0);
      }
    });
  }

  it('of many megabytes are read once, not again with each chunk', () => {
    const message = { seq: 1, type: 'request', arguments: { expression: 'a'.repeat(32 * 1024 * 1024) } };
    const bytes = Buffer.from(frame(message));
    const chunks = Array.from({ length: Math.ceil(bytes.length / 4096) }, (_, at) =>
      bytes.subarray(at * 4096, (at + 1) * 4096),
    );
    const used = process.cpuUsage();
    assert.equal(read(chunks).messages.length, 1);
    const { user, system } = process.cpuUsage(used);
    // 8,000 chunks that are copied together with each new one are 130 GB.
    assert.ok(user + system < 5e6, `${(user + system) / 1e6} s`);
  });

  it('are found behind one that says that it is longer than it is, whether they come with it or later', () => {
    const short = frame('{"seq":9,"type":"request"}', 5000);
    for (const later of [[frame(FIRST)], [frame(FIRST), frame(SECOND), frame(FIRST)]]) {
      const expected = later.length === 1 ? [FIRST] : [FIRST, SECOND, FIRST];
      const together = read([Buffer.from(short + later.join(''))]);
      const apart = read([short, ...later].map((text) => Buffer.from(text)));
      for (const { messages } of [together, apart]) assert.deepEqual(messages, expected);
    }
  });

  it('say once that something is none, however much of it comes', () => {
    const { messages, garbage } = read([
      ...Array.from({ length: 50 }, () => Buffer.alloc(4096, 'x')),
      Buffer.from(frame(FIRST) + frame(SECOND)),
      ...Array.from({ length: 50 }, () => Buffer.alloc(4096, 'x')),
      Buffer.from(frame(FIRST)),
    ]);
    assert.deepEqual(messages, [FIRST, SECOND, FIRST]);
    assert.equal(garbage, 2, 'once for each stretch');
  });
});
