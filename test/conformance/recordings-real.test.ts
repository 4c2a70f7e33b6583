import assert from 'node:assert/strict';
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

describe('recordings of the real controllers, by run --apply on a real kube-apiserver with its audit log as witness', function () {
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
    for (const { recording, mode } of playable()) {
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

  for (const { recording, mode } of playable()) {
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

function titleOf(recording: Recording, mode: string): string {
  return `${recording.scenario}, ${mode}`;
}
