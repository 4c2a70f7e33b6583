import assert from 'node:assert/strict';
import {
  describe as describeMoment,
  onException,
  parseBreakpoint,
  type ExceptionId,
} from '../../../src/debug/breakpoints.ts';
import { statusAt } from '../../../src/debug/facts.ts';
import { record, type Recording } from '../../../src/debug/recording.ts';
import { SourceFiles } from '../../../src/debug/source-files.ts';
import { namesIn } from '../../../src/debug/source-names.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { parseFaults, type Faults } from '../../../src/run/conditions-control.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';

function runWith(fault: string, change: Partial<RunSettings> = {}): Recording {
  const settings: RunSettings = { ...DEFAULT_SETTINGS, mode: 'new', runners: 3, podStartUs: 1_000_000, ...change };
  return record(settings, fault === '' ? {} : { load: { conditions: parseFaults(fault) as Faults } });
}

function stopsOf(recording: Recording, id: ExceptionId): readonly number[] {
  const stop = onException(id);
  return Array.from({ length: recording.moments.length }, (_, at) => at).filter((at) => stop(recording, at));
}

describe('the filter for refused requests', () => {
  for (const [fault, status] of [
    ['generatejitconfig 503 1', 503],
    ['generatejitconfig 403 1', 403],
    ['generatejitconfig 404 1', 404],
    ['create pods 403 1', 403],
    ['create secrets 0 1', 0],
  ] as const) {
    it(`stops at "${fault}"`, () => {
      const recording = runWith(fault);
      const [request = ''] = fault.split(/ \d/);
      const stops = stopsOf(recording, 'refused').filter((at) => statusAt(recording, at) === status);
      const told = stops.map((at) => describeMoment(recording, at));
      assert.ok(
        told.some((text) => text.includes(request)),
        `it stops at ${told.join(', ')}`,
      );
    });
  }

  it('stops at answers of both APIs that are lost or never come', () => {
    const plain = runWith('');
    const isSent = (kind: string) => (at: number) => plain.moments.effect(at)?.kind === kind;
    const all = Array.from({ length: plain.moments.length }, (_, at) => at);
    for (const kind of ['http', 'kubernetes']) {
      const moment = all.find(isSent(kind)) ?? -1;
      for (const replacement of [{ kind: 'lost' }, { kind: 'never' }] as const) {
        const edited = record(plain.settings, {}, [{ kind: 'answer', moment, replacement }]);
        assert.ok(stopsOf(edited, 'refused').includes(moment), `${kind}: ${replacement.kind}`);
      }
    }
  });

  it('stops wherever the one for conflicts does, of both APIs', () => {
    for (const fault of ['generatejitconfig 409 1', 'patch ephemeralrunners 409 1', 'create pods 409 1']) {
      for (const mode of ['new', '0.14.2'] as const) {
        const recording = runWith(fault, { mode });
        const refused = stopsOf(recording, 'refused');
        const conflicts = stopsOf(recording, 'conflict');
        assert.ok(conflicts.length > 0, `${fault} in ${mode}: no conflict`);
        assert.deepEqual(
          conflicts.filter((at) => !refused.includes(at)),
          [],
          `${fault} in ${mode}`,
        );
      }
    }
  });

  it('leaves out what only says that something is absent', () => {
    const recording = runWith('create configmaps 500 1');
    const absent = Array.from({ length: recording.moments.length }, (_, at) => at).filter(
      (at) => statusAt(recording, at) === 404,
    );
    assert.ok(absent.length > 0, 'nothing was absent: the test shows nothing');
    assert.deepEqual(stopsOf(recording, 'refused'), []);
  });
});

describe('a breakpoint by name', () => {
  const names = namesIn(new SourceFiles());

  for (const text of [
    'CREATE pods',
    'POST generatejitconfig 200',
    'Phase register',
    'create\npods',
    'delete runner-1',
  ]) {
    it(`takes ${JSON.stringify(text)}`, () => assert.equal(typeof parseBreakpoint(text, names), 'function'));
  }

  for (const [text, says] of [
    ['generatejitconfig', 'did you mean "* generatejitconfig"?'],
    ['generatejitconfig 201', 'did you mean "* generatejitconfig 201"?'],
    ['pods 409', 'did you mean "* pods 409"?'],
    ['delete runner', 'No resource is called "runner"; did you mean ephemeralrunners?'],
    ['get listener', 'No resource is called "listener"; did you mean autoscalinglisteners?'],
    ['create pod', 'No resource is called "pod"; did you mean pods?'],
    ['createpod', 'did you mean createPod?'],
    ['phase create-acquirejobs', 'No phase is called "create-acquirejobs"'],
  ] as const) {
    it(`says what is meant by ${text}`, () => {
      const found = parseBreakpoint(text, names);
      assert.ok(typeof found === 'string' && found.includes(says), String(found));
    });
  }

  it('knows every phase that passes go through', () => {
    const loads = [
      {},
      { throughSet: true },
      { scaleSet: { jobs: parseLoad('2 at once'), minRunners: 1, maxRunners: 3 } },
    ];
    for (const mode of RELEASES.ids) {
      for (const load of loads) {
        const { moments } = record(
          { ...DEFAULT_SETTINGS, mode, podStartUs: 1_000, jobDurationUs: 1_000 },
          { load, horizonUs: 20_000_000 },
        );
        for (let at = 0; at < moments.length; at++) {
          const effect = moments.effect(at);
          if (effect?.kind === 'phase') assert.ok(names.phases.has(effect.phase), `${mode}: ${effect.phase}`);
        }
      }
    }
  }).timeout(60_000);
});
