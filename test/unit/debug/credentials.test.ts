import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { describe as describeMoment } from '../../../src/debug/breakpoints.ts';
import { Debugger } from '../../../src/debug/debugger.ts';
import { contextAt } from '../../../src/debug/facts.ts';
import { LiveRun } from '../../../src/debug/live-run.ts';
import { scopesOf } from '../../../src/debug-adapter/scopes.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { RunSession } from '../../../src/run/session.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';

const settings = { ...DEFAULT_SETTINGS, runners: 1, podStartUs: 1_000_000, jobDurationUs: 1_000_000 };
/** Tokens, JIT configurations and what is made of credentials; the digest of an image is none of them. */
const CREDENTIAL = /ghs_\w+|eyJ\w+|(?<!sha256:|containerd:\/\/)\b[A-Za-z0-9+/]{60,}/;

/** Looks at all that scopes, expressions and stops show, at up to 400 moments of a run. */
function lookAtAll(debugging: Debugger, what: string): void {
  const { recording } = debugging;
  assert.ok(recording.moments.length > 50, `${what} did nothing`);
  for (let moment = 0; moment < recording.moments.length; moment += 1 + Math.floor(recording.moments.length / 400)) {
    debugging.goTo(moment);
    const seen = [scopesOf(debugging, moment), { ...contextAt(recording, moment) }, describeMoment(recording, moment)];
    const text = JSON.stringify(seen);
    const shown = CREDENTIAL.exec(text);
    const place = `${what}, moment ${moment}: ${describeMoment(recording, moment)}`;
    assert.equal(shown?.index === undefined ? '' : text.slice(Math.max(0, shown.index - 60), shown.index), '', place);
    assert.equal(recording.secrets.redact(text), text, place);
  }
}

describe('credentials in the debugger', () => {
  for (const { id } of RELEASES.all) {
    it(`are in nothing that it shows of ${id}`, () => lookAtAll(Debugger.simulate({ ...settings, mode: id }), id));
  }

  it('are in nothing that it shows of a scale set with jobs', () => {
    for (const mode of ['old', 'latest']) {
      const scaleSet = { jobs: parseLoad('2 at once'), minRunners: 0, maxRunners: 2 };
      lookAtAll(Debugger.simulate({ ...settings, mode }, { load: { scaleSet } }), `${mode} with jobs`);
    }
  });

  it('are in nothing that it shows of a running session', () => {
    const clock = new VirtualClock();
    const session = RunSession.embedded({ ...settings, mode: 'old' }, { clock });
    clock.run(50_000);
    const debugging = Debugger.attach(new LiveRun(session.debugTarget));
    debugging.run(1, []);
    clock.run(30_000_000);
    lookAtAll(debugging, 'a running session');
  });
});
