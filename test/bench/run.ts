import { parseArgs } from 'node:util';
import { textTable } from '../../src/report/table.ts';
import { EarlierVersion } from './against.ts';
import { adviceBench } from './advice.ts';
import { barsBench } from './bars.ts';
import { clusterBench } from './cluster.ts';
import { debuggerBench } from './debugger.ts';
import { intakeBench } from './intake.ts';
import { livesBench } from './lives.ts';
import { loadBench } from './load.ts';
import { readingBench } from './reading.ts';
import { remoteBench } from './remote.ts';
import { runtimeBench } from './runtime.ts';
import { timelineBench } from './timeline.ts';
import { workbenchBench } from './workbench.ts';
import { virtualTimeBench } from './virtual-time.ts';

/**
 * Prints what the engine does a second, beside peers measured in the same run; with `--against COMMIT` beside itself as it
 * was there. Figures, not assertions.
 */
const benches = {
  runtime: runtimeBench,
  'virtual-time': virtualTimeBench,
  lives: livesBench,
  advice: adviceBench,
  debugger: debuggerBench,
  reading: readingBench,
  remote: remoteBench,
  cluster: clusterBench,
  intake: intakeBench,
  load: loadBench,
  bars: barsBench,
  timeline: timelineBench,
  workbench: workbenchBench,
};
const { positionals: wanted, values } = parseArgs({
  allowPositionals: true,
  options: { against: { type: 'string' }, rounds: { type: 'string', default: '3' } },
});
const { against, rounds } = values;
const earlier = against === undefined ? undefined : new EarlierVersion(against);
try {
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    if (earlier === undefined) {
      const cells = (await bench()).map(({ what, ours, peer, aim }) => [what, ours, peer, aim]);
      process.stdout.write(`${textTable([name, 'ours', 'peer', 'aim'], cells, 'words')}\n\n`);
    } else {
      const cells = earlier
        .compare(name, Number(rounds))
        .map(({ what, now, then, ratios }) => [what, now, then, ratios]);
      process.stdout.write(`${textTable([name, 'now', against ?? '', 'ratio'], cells, 'words')}\n\n`);
    }
  }
} finally {
  earlier?.dispose();
}
