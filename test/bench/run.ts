import { textTable } from '../../src/report/table.ts';
import { barsBench } from './bars.ts';
import { clusterBench } from './cluster.ts';
import { intakeBench } from './intake.ts';
import { loadBench } from './load.ts';
import { remoteBench } from './remote.ts';
import { runtimeBench } from './runtime.ts';
import { timelineBench } from './timeline.ts';
import { workbenchBench } from './workbench.ts';
import { virtualTimeBench } from './virtual-time.ts';

/** Prints what the engine does a second, beside peers measured in the same run. Figures, not assertions. */
const benches = {
  runtime: runtimeBench,
  'virtual-time': virtualTimeBench,
  remote: remoteBench,
  cluster: clusterBench,
  intake: intakeBench,
  load: loadBench,
  bars: barsBench,
  timeline: timelineBench,
  workbench: workbenchBench,
};
const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const rows = await bench();
  const cells = rows.map(({ what, ours, peer, aim }) => [what, ours, peer, aim]);
  process.stdout.write(`${textTable([name, 'ours', 'peer', 'aim'], cells, 'words')}\n\n`);
}
