import assert from 'node:assert/strict';
import { compareReleases } from '../../../src/cli/compare.ts';
import { formatDuration } from '../../../src/base/duration.ts';
import { whyApart, whyModesDiffer } from '../../../src/explain/why-apart.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { simulate, type FinishedRun } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { SimulationCancelled } from '../../../src/run/simulation-errors.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';

const BURST = { runners: 100, workers: 4, jitLatencyUs: 400_000 };

function aRun(mode: string, changes: Partial<RunSettings> = {}): FinishedRun {
  return simulate({ ...DEFAULT_SETTINGS, ...changes, mode: RELEASES.get(mode).id });
}

function lastPodOf(mode: string, changes: Partial<RunSettings> = {}): string {
  return formatDuration(aRun(mode, changes).statistics.lastPodUs ?? NaN);
}

describe('why neighbouring releases differ', () => {
  it('names the pull requests that make the difference, the limit that they change, and what it would be without', async () => {
    const runs = ['0.12.1', '0.13.1', '0.14.2'].map((mode) => aRun(mode, BURST));
    const [first = '', second = '', ...more] = await whyApart(runs);
    assert.deepEqual(more, []);
    assert.match(first, /^The last pod of 0\.13\.1 comes [\d.]+ s sooner than that of 0\.12\.1 because of #/);
    assert.match(first, /#4191 \(the secret holds the registration/);
    const requests = (mode: string, kind: string): number =>
      (aRun(mode, BURST).statistics.requestsUntilLastPod[kind] ?? NaN) / BURST.runners;
    const finalizers = requests('0.13.1-4320', 'ephemeralrunners') - requests('0.13.1', 'ephemeralrunners');
    const secrets = requests('0.13.1-4320-4191', 'secrets') - requests('0.13.1-4320', 'secrets');
    const saved = `: until its last pod #4320 saves ${finalizers.toFixed(1)} of a runner's requests for ephemeralrunners and #4191 saves ${secrets.toFixed(1)} of a runner's requests for secrets, and the client sends 20 a second of each kind;`;
    assert.ok(first.includes(saved), `${first}\nexpected: ${saved}`);
    assert.ok(first.endsWith(` at ${lastPodOf('0.12.1', BURST)}.`), first);
    const at = `; --without 4320 the last pod comes at ${lastPodOf('0.13.1-4320', BURST)} instead of ${lastPodOf('0.13.1', BURST)}, --without 4320,4191 at `;
    assert.ok(first.includes(at), `${first}\nexpected: ${at}`);
    const without = lastPodOf('0.14.2-4390', BURST);
    assert.match(second, /^The last pod of 0\.14\.2 comes [\d.]+ s later than that of 0\.13\.1 because of #4390 \(/);
    assert.match(second, /: the calls to the Actions service, 40\d ms for a runner, are made one after another;/);
    const then = `; --without 4390 the last pod comes at ${without} instead of ${lastPodOf('0.14.2', BURST)}.`;
    assert.ok(second.endsWith(then), `${second}\nexpected: ${then}`);
    const [inWords = '', of4390 = ''] = await whyApart(runs, {}, undefined, 'words');
    assert.match(inWords, /; without #4320 the last pod comes at .*, without #4320 and #4191 at /, 'without options');
    assert.equal(of4390, second.replace('--without 4390', 'without #4390'));
  });

  it('names the requests that make the difference, and none that hardly differ', async () => {
    const runs = ['0.12.1', '0.14.2'].map((mode) => aRun(mode, { runners: 100, workers: 2 }));
    const [sentence = ''] = await whyApart(runs);
    assert.match(
      sentence,
      /#4320 saves [1-9]\S* of a runner's requests for ephemeralrunners and #4191 saves .* for secrets,/,
    );
    const alone = ['0.13.1', '0.13.1-4191'].map((mode) => aRun(mode, BURST));
    const [of4191 = ''] = await whyApart(alone);
    const [, now = NaN, before = NaN] =
      /requests for secrets are ([\d.]+) instead of ([\d.]+), and the client sends 20 a second;/.exec(of4191) ?? [];
    assert.equal(alone.length, 2);
    const counts = alone.map(({ statistics }) =>
      ((statistics.requestsUntilLastPod['secrets'] ?? NaN) / 100).toFixed(1),
    );
    assert.deepEqual(new Set([now, before]), new Set(counts), of4191);
  });

  for (const [older, newer, changes] of [
    ['0.12.1', '0.14.2', { runners: 20, workers: 2 }],
    ['0.12.1', '0.14.2', { runners: 100, workers: 2 }],
    ['0.12.1', '0.14.0', { runners: 60, workers: 3 }],
    ['0.12.1', '0.14.2', BURST],
  ] as const) {
    it(`names what helps and what takes back, with effects that add up: ${older}, ${newer}, ${changes.runners} runners`, async () => {
      const runs = [aRun(older, changes), aRun(newer, changes)] as const;
      const [sentence = '', ...more] = await whyApart(runs);
      assert.deepEqual(more, []);
      assert.match(sentence, /#4390 \(/);
      assert.match(sentence, /#\d+ \([^)]*\) takes [\d.]+ m?s back/);
      const undone: number[] = [];
      let beforeUs = runs[1].statistics.lastPodUs ?? NaN;
      const list = /--without (\S+) at [^,]*\.$/.exec(sentence)?.[1]?.split(',') ?? [];
      assert.ok(list.length >= 2, sentence);
      for (const one of list) {
        undone.push(Number(one));
        const us = aRun(`${newer}${undone.map((each) => `-${each}`).join('')}`, changes).statistics.lastPodUs ?? NaN;
        const effect = formatDuration(Math.abs(us - beforeUs));
        assert.match(sentence, new RegExp(`#${one} \\([^)]*(; ${effect}\\)|\\) takes ${effect} back)`));
        beforeUs = us;
      }
      const [fromUs, toUs] = runs.map(({ statistics }) => statistics.lastPodUs ?? NaN) as [number, number];
      assert.ok(Math.abs(beforeUs - fromUs) <= Math.abs(toUs - fromUs) / 2, sentence);
    });
  }

  it('says that it does not know where pull requests that cannot be left out one by one make the difference', async () => {
    const runs = ['0.12.1', 'latest'].map((mode) => aRun(mode, { runners: 60, workers: 3 }));
    const [sentence = ''] = await whyApart(runs);
    assert.match(sentence, /^The last pod of latest comes [\d.]+ s sooner than that of 0\.12\.1; why is not known: /);
  });

  it('compares each of the others with a baseline that is named', async () => {
    const runs = ['0.12.1', '0.13.1', '0.14.2'].map((mode) => aRun(mode, BURST));
    for (const [baseline, pairs] of [
      ['0.14.2', [/^The last pod of 0\.14\.2 .* that of 0\.12\.1 /, /^The last pod of 0\.14\.2 .* that of 0\.13\.1 /]],
      ['0.12.1', [/^The last pod of 0\.13\.1 .* that of 0\.12\.1 /, /^The last pod of 0\.14\.2 .* that of 0\.12\.1 /]],
    ] as const) {
      const sentences = await whyApart(runs, {}, baseline);
      assert.equal(sentences.length, 2, sentences.join('\n'));
      for (const [index, pair] of pairs.entries()) assert.match(sentences[index] ?? '', pair, baseline);
    }
  });

  const single = [
    ['0.10.1', 3831, { runners: 30, workers: 1 }],
    ['0.12.1', 3831, { runners: 30, workers: 1 }],
    ['0.13.1', 4191, BURST],
    ['0.13.1', 4320, BURST],
    ['0.14.0', 4390, { runners: 30, workers: 4 }],
    ['latest', 4390, { runners: 30, workers: 4 }],
  ] as const;
  for (const [release, pullRequest, changes] of single) {
    it(`finds ${pullRequest} where it is all that ${release} lacks`, async () => {
      const runs = [aRun(release, changes), aRun(`${release}-${pullRequest}`, changes)];
      const [sentence = '', ...more] = await whyApart(runs);
      assert.deepEqual(more, []);
      assert.deepEqual(
        [...sentence.matchAll(/#(\d+)/g)].map(([, number]) => Number(number)),
        [pullRequest],
      );
      assert.match(
        sentence,
        new RegExp(`--with ${pullRequest} the (first|last) pod comes at [\\d.]+ m?s instead of [\\d.]+ m?s\\.$`),
      );
    });
  }

  it('names several that only together make the difference, and what each leaves', async () => {
    const modes = ['0.12.1', '0.14.2'].map((mode) => ({ ...DEFAULT_SETTINGS, ...BURST, mode }));
    const [sentence = ''] = await whyModesDiffer(modes);
    assert.match(
      sentence,
      /--without 4390 the last pod comes at 14\.\d+ s instead of 40\.\d+ s, --without 4390,4320 at 20\.\d+ s/,
    );
  });

  it('says the same whatever the number of threads', async () => {
    const modes = ['0.12.1', '0.13.1', '0.14.2'].map((mode) => ({ ...DEFAULT_SETTINGS, ...BURST, mode }));
    const here = await whyModesDiffer(modes);
    assert.equal(here.length, 2);
    for (const threads of [1, 2, 4]) {
      const pool = new SimulationPool(threads);
      try {
        assert.deepEqual(await whyModesDiffer(modes, { pool }), here, `${threads} threads`);
      } finally {
        pool.dispose();
      }
    }
  }).timeout(120_000);

  it('is given up with its runs when the signal comes', async () => {
    const modes = ['0.12.1', '0.14.2'].map((mode) => ({ ...DEFAULT_SETTINGS, mode, runners: 20_000 }));
    const cancel = new AbortController();
    const asked = whyModesDiffer(modes, { signal: cancel.signal });
    setImmediate(() => cancel.abort());
    await assert.rejects(asked, SimulationCancelled);
  });

  it('stands below the verdict of a comparison in virtual time, and in its JSON', async () => {
    const args = ['--modes', '0.13.1,0.14.2', '--virtual', '--workers', '4'];
    const written: string[] = [];
    const out = { isTTY: false, columns: 100, write: (text: string): boolean => written.push(text) > 0 };
    const compared = async (...more: string[]): Promise<string> => {
      written.length = 0;
      await compareReleases([...args, ...more], out, new AbortController().signal, RELEASES);
      return written.join('');
    };
    const sentence = (await whyApart(['0.13.1', '0.14.2'].map((mode) => aRun(mode, { runners: 30, workers: 4 }))))[0];
    assert.ok((await compared()).includes(`\n${sentence ?? '–'}\n`), written.join(''));
    assert.deepEqual((JSON.parse(await compared('--json')) as { why: unknown }).why, [sentence]);
    const many = ['--runners', '101', '--json'];
    assert.deepEqual((JSON.parse(await compared(...many)) as { why: unknown }).why, []);
    assert.equal((JSON.parse(await compared(...many, '--why')) as { why: unknown[] }).why.length, 1);
  });

  it('says nothing where releases do not differ, however many pull requests lie between them', async () => {
    assert.deepEqual(await whyApart(['0.11.0', '0.12.1'].map((mode) => aRun(mode))), []);
    assert.deepEqual(await whyApart([aRun('0.14.2')]), []);
  });

  it('says nothing of runs that ended before every runner had a pod', async () => {
    const early = { horizonUs: 5_000_000 };
    const runs = ['0.13.1', '0.14.2'].map((mode) => simulate({ ...DEFAULT_SETTINGS, ...BURST, mode }, early));
    assert.deepEqual(await whyApart(runs), []);
  });
});
