import type { VirtualClock } from '../../src/base/virtual-clock.ts';

/** Lets virtual time pass event by event; promises have their turn in between. */
export async function passTime(clock: VirtualClock, us: number): Promise<void> {
  let over = false;
  clock.schedule(us, () => (over = true), undefined);
  while (!over) {
    await new Promise((resolve) => setImmediate(resolve));
    const before = clock.eventsRun;
    clock.run(Infinity, () => clock.eventsRun > before);
  }
  await new Promise((resolve) => setImmediate(resolve));
}
