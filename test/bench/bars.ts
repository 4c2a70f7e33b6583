import { BarFeed } from '../../src/timeline/bar-feed.ts';
import { BarStore } from '../../src/timeline/bar-store.ts';
import type { PackedBars } from '../../src/timeline/packed-bars.ts';
import { syntheticTrace } from '../../src/trace/synthetic-trace.ts';
import { median, RUNS, type Row } from './measure.ts';

const BARS = 1_000_000;
const LANES = 10_000;
/** As the extension sends them. */
const EVENTS_A_MESSAGE = 12_500;

/**
 * From the trace's columns to bytes for the page, and from these to the page's store, in time on a core. The peer is what a
 * timeline without bars of its own would send: the same passes as JSON.
 */
export function barsBench(): Row[] {
  const trace = syntheticTrace(BARS, LANES);
  const ms = { made: [] as number[], taken: [] as number[], written: [] as number[], read: [] as number[] };
  const sizes = { bars: 0, bytes: 0, json: 0 };
  // The first round warms up.
  for (let round = 0; round <= RUNS; round++) {
    const messages: PackedBars[] = [];
    const madeMs = onCore(() => {
      const feed = new BarFeed(trace);
      while (feed.pending) messages.push(feed.take(EVENTS_A_MESSAGE).bars);
    });
    const takenMs = onCore(() => {
      const store = new BarStore();
      for (const bars of messages) store.append(bars);
      store.compact();
    });
    const texts: string[] = [];
    const writtenMs = onCore(() => {
      for (const pass of trace.passes()) texts.push(JSON.stringify(pass));
    });
    const readMs = onCore(() => {
      for (const text of texts) JSON.parse(text);
    });
    if (round === 0) continue;
    ms.made.push(madeMs);
    ms.taken.push(takenMs);
    ms.written.push(writtenMs);
    ms.read.push(readMs);
    sizes.bars = messages.reduce((sum, { count }) => sum + count, 0);
    sizes.bytes = messages.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    sizes.json = texts.reduce((sum, text) => sum + text.length, 0);
  }
  const row = (what: string, ours: readonly number[], peer: readonly number[]): Row => ({
    what,
    ours: `${(sizes.bars / median(ours) / 1e3).toFixed(1)} million bars a second`,
    peer: `as JSON ${(sizes.bars / median(peer) / 1e3).toFixed(1)} million: ${(median(peer) / median(ours)).toFixed(1)} times`,
    aim: '',
  });
  return [
    row('bars from columns to bytes', ms.made, ms.written),
    row('bytes to the store of a page', ms.taken, ms.read),
    {
      what: 'size on the wire',
      ours: `${(sizes.bytes / sizes.bars).toFixed(1)} bytes a bar`,
      peer: `as JSON ${(sizes.json / sizes.bars).toFixed(1)}`,
      aim: '16',
    },
  ];
}

/** Milliseconds of processor time: others may have the cores too. */
function onCore(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
