import { addTo } from '../../../base/group.ts';
import type { ServerResponse } from 'node:http';
import type { ApiObject } from '../../types.ts';

/** How a watch's events show objects. */
export type Rendering = (object: ApiObject, isFirst: boolean) => string;

/** A client that reads so slowly that this much waits for it is let go; it can list again. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** Up to this many watches receive each change by itself, at once; more of them receive several changes together. */
const FEW = 32;
/**
 * After a round to more watches there is a pause of this many times its length, so that a fourth of the time goes to
 * sending, not all of it; and at most this long.
 */
const PAUSE = 3;
const MAX_PAUSE_MS = 20;

/**
 * Brings the lines of all watches on their way, those of one turn of the event loop together, and in that turn: a
 * controller that has the answer to its write begins its next pass, and what it sees then is what its watch has told by
 * then. Watches mostly tell the same: the line of an event is made once for those that show objects alike, and its bytes
 * once for those that tell the same lines.
 */
export class Delivery {
  readonly #waiting = new Map<ServerResponse, string[]>();
  #isScheduled = false;
  #pauseEndsMs = 0;
  #last: { type: string; object: ApiObject; render: Rendering; line: string } | undefined;

  event(to: ServerResponse, type: string, object: ApiObject, render: Rendering, isFirst: boolean): void {
    let last = this.#last;
    if (last?.object !== object || last.type !== type || last.render !== render) {
      last = { type, object, render, line: `{"type":"${type}","object":${render(object, isFirst)}}\n` };
      this.#last = last;
    }
    this.line(to, last.line);
  }

  line(to: ServerResponse, line: string): void {
    addTo(this.#waiting, to, line);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => this.#begin());
  }

  /** Sends what waits now, unless there are more watches, which receive several changes together. */
  flush(): void {
    if (this.#waiting.size > FEW) return;
    const told = [...this.#waiting.keys()];
    this.#send();
    // An answer is handed to the system at once, what responses are given in between only at the end of the turn.
    for (const { socket } of told) socket?.uncork();
  }

  /** Sends what waits for one client, and nothing after that. */
  finish(to: ServerResponse): void {
    const lines = this.#waiting.get(to);
    this.#waiting.delete(to);
    if (lines !== undefined && !to.writableEnded) to.write(lines.join(''));
    to.end();
  }

  #begin(): void {
    if (this.#waiting.size <= FEW) {
      this.#isScheduled = false;
      this.#send();
      return;
    }
    const pauseMs = this.#pauseEndsMs - performance.now();
    if (pauseMs > 0) setTimeout(() => this.#round(), pauseMs);
    else setImmediate(() => this.#round());
  }

  #round(): void {
    const startedMs = performance.now();
    this.#isScheduled = false;
    this.#send();
    // Responses hand what they are given to their sockets at the end of the turn.
    process.nextTick(() => {
      const endedMs = performance.now();
      this.#pauseEndsMs = endedMs + Math.min(MAX_PAUSE_MS, PAUSE * (endedMs - startedMs));
    });
  }

  #send(): void {
    let before: readonly string[] = [];
    let bytes = Buffer.alloc(0);
    for (const [to, lines] of this.#waiting) {
      if (to.writableEnded || to.destroyed) continue;
      if (!isSame(lines, before)) {
        before = lines;
        bytes = Buffer.from(lines.join(''));
      }
      to.write(bytes);
      if (to.writableLength > MAX_WAITING_BYTES) to.destroy();
    }
    this.#waiting.clear();
  }
}

function isSame(lines: readonly string[], others: readonly string[]): boolean {
  return lines.length === others.length && lines.every((line, index) => line === others[index]);
}
