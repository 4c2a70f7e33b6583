import type { Readable, Writable } from 'node:stream';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { ArcDebugSession } from './adapter.ts';
import { MessageReader } from './message-reader.ts';

/** Lets an editor speak with a session over two streams, until it disconnects or is gone, or `signal` comes. */
export async function speak(
  session: ArcDebugSession,
  input: Readable,
  output: Writable,
  signal?: AbortSignal,
): Promise<void> {
  session.onDidSendMessage((message) => output.write(frameOf(message as DebugProtocol.ProtocolMessage)));
  const reader = new MessageReader({
    onMessage: (message) => session.handleMessage(message as DebugProtocol.ProtocolMessage),
    onGarbage: () => session.sayGarbage(),
  });
  input.on('data', (chunk: Buffer) => reader.take(chunk));
  await new Promise<void>((resolve) => {
    session.onDisconnect = resolve;
    for (const event of ['end', 'close', 'error']) input.once(event, resolve);
    output.on('error', resolve);
    signal?.addEventListener('abort', () => resolve(), { once: true });
    if (signal?.aborted === true) resolve();
  });
  session.release();
}

function frameOf(message: DebugProtocol.ProtocolMessage): string {
  const text = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}
