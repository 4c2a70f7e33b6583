import assert from 'node:assert/strict';
import { Random } from '../../src/base/random.ts';
import { CONTROLLER, RealApiServer } from '../apiserver/api-server.ts';
import { missingTool } from '../apiserver/tools.ts';
import { AuditLog } from './audit-log.ts';
import { differences } from './compare.ts';
import { play } from './play.ts';
import { RealWorld } from './real-world.ts';
import { playable, type Recording } from './recording.ts';

/** Scenarios mostly wait, so a few run beside one another, each in a namespace and with a controller of its own. */
const BESIDE = 2;
/** A busy machine may show a race that six recorded runs did not; a run that is not as recorded is repeated. */
const TRIES = 6;

/** All of them take an hour; each day has its own part of them. */
const PART = 48;
const SEED = Number(process.env['RECORDINGS_SEED'] ?? Math.floor(Date.now() / 86_400_000));
const WANTED = process.env['RECORDINGS'];
const DRAWN = chosen();
const PART_TITLE =
  WANTED === undefined ? `${PART} drawn with RECORDINGS_SEED=${SEED}; RECORDINGS=all plays all` : WANTED;

describe(`recordings of the real controllers (${PART_TITLE}), by run --apply on a real kube-apiserver with its audit log as witness`, function () {
  this.timeout(15 * 60_000);
  const outcomes = new Map<string, Promise<string[]>>();
  let server: RealApiServer | undefined;

  before(async function () {
    const missing = missingTool();
    if (missing !== undefined) {
      assert.notEqual(process.env['CI'], 'true', `under CI nothing may be skipped, but ${missing}`);
      process.stderr.write(`skipped: ${missing}\n`);
      this.skip();
    }
    server = await RealApiServer.start();
    startAll(server);
  });

  after(() => server?.stop());

  function startAll(running: RealApiServer): void {
    const audit = new AuditLog(running.auditLog, CONTROLLER);
    const waiting: (() => void)[] = [];
    let free = BESIDE;
    for (const { recording, mode } of DRAWN) {
      const turn = new Promise<void>((resolve) => waiting.push(resolve));
      const outcome = turn
        .then(() => playWithTries(running, audit, recording, mode))
        .finally(() => {
          free++;
          next();
        });
      outcome.catch(() => undefined);
      outcomes.set(titleOf(recording, mode), outcome);
    }
    const next = (): void => {
      while (free > 0 && waiting.length > 0) {
        free--;
        waiting.shift()?.();
      }
    };
    next();
  }

  for (const { recording, mode } of DRAWN) {
    it(`${titleOf(recording, mode)}: same requests, pass counts and final state`, async () => {
      const found = await outcomes.get(titleOf(recording, mode));
      assert.ok(found !== undefined && found.length === 0, found?.join('\n'));
    });
  }
});

async function playWithTries(
  server: RealApiServer,
  audit: AuditLog,
  recording: Recording,
  mode: string,
): Promise<string[]> {
  let found: string[] = [];
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const world = await RealWorld.make(server, audit, recording, mode, attempt);
    try {
      const observed = await play(recording, mode, world, 15_000);
      found = differences(observed, recording.modes[mode] as NonNullable<Recording['modes'][string]>, true);
    } finally {
      await world.close();
    }
    if (found.length === 0) return [];
    if (process.env['SHOW_TRIES'] !== undefined)
      process.stderr.write(`${titleOf(recording, mode)} try ${attempt}:\n${found.join('\n')}\n`);
  }
  return found;
}

/** Those whose title has the text that RECORDINGS gives, or all, or a part drawn by the seed. */
function chosen(): ReturnType<typeof playable> {
  const all = playable();
  if (WANTED === 'all') return all;
  if (WANTED !== undefined) return all.filter(({ recording, mode }) => titleOf(recording, mode).includes(WANTED));
  const random = new Random(SEED, 'recordings');
  const drawn: ReturnType<typeof playable> = [];
  while (drawn.length < PART && all.length > 0) drawn.push(...all.splice(random.below(all.length), 1));
  return drawn;
}

function titleOf(recording: Recording, mode: string): string {
  return `${recording.scenario}, ${mode}`;
}
