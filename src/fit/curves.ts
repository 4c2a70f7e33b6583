/** What happens to a runner on the way to its pod, as logs and runs both tell. */
export const EVENTS = ['created', 'asked', 'registered', 'secret', 'pod'] as const;

/** When each of them happened to the runners of a burst: sorted, in microseconds since the burst began. */
export type Curves = Readonly<Record<(typeof EVENTS)[number], readonly number[]>>;

/** Events of every runner that are counted. */
const COUNTED = ['asked', 'registered', 'secret', 'pod'] as const;

/** The same events, each with its place among all in place of its time: of what a coarse clock tells, the exact part. */
export function placesOf(curves: Curves): Curves {
  const places: Record<keyof Curves, number[]> = { created: [], asked: [], registered: [], secret: [], pod: [] };
  COUNTED.flatMap((event) => curves[event].map((us) => ({ event, us })))
    .sort((a, b) => a.us - b.us)
    .forEach(({ event }, place) => places[event].push(place));
  return places;
}

/** How long it takes on average from one event to another that all runners have behind them, in the unit of the curves. */
export function meanBetween(curves: Curves, from: keyof Curves, until: keyof Curves): number {
  const sum = (event: keyof Curves): number => curves[event].reduce((all, us) => all + us, 0);
  return (sum(until) - sum(from)) / Math.max(1, curves[until].length);
}
