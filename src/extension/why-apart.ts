import { isDeepStrictEqual } from 'node:util';
import type { Run, ShownSession } from './run.ts';

/** Simulations of more runners take the extension host longer than somebody waits for a sentence. */
const QUICKLY_EXPLAINED = 100;

/**
 * Finds out why versions that were compared differ, once all of their sessions have ended by themselves: by simulations
 * without single pull requests. What it finds is kept with the first session.
 * @returns whether there is something new to say
 */
export async function explainApart({ sessions }: Run): Promise<boolean> {
  const [first] = sessions;
  if (first === undefined || first.why !== undefined || !areComparable(sessions, first)) return false;
  first.why = [];
  const { whyModesDiffer } = await import('../explain/why-apart.ts');
  const { SimulationPool } = await import('../run/simulation-pool.ts');
  const pool = new SimulationPool();
  try {
    first.why = await whyModesDiffer(
      sessions.map(({ settings }) => settings),
      { pool, load: first.load },
      undefined,
      'words',
    );
  } finally {
    pool.dispose();
  }
  return first.why.length > 0;
}

/** Sessions that differ in nothing but the version, on clusters that were not disturbed meanwhile. */
function areComparable(sessions: readonly ShownSession[], { settings, load }: ShownSession): boolean {
  if (sessions.length < 2 || load?.scaleSet !== undefined || settings.runners > QUICKLY_EXPLAINED) return false;
  return sessions.every(
    (one) =>
      one.target.kind === 'embedded' &&
      one.rest?.isOver === true &&
      one.run.trace.marks.length === 0 &&
      isDeepStrictEqual(one.load, load) &&
      isDeepStrictEqual({ ...one.settings, mode: '' }, { ...settings, mode: '' }),
  );
}
