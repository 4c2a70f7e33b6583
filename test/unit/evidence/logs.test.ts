import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Explanation } from '../../../src/evidence/explain.ts';
import type { MilestoneTime } from '../../../src/evidence/milestones.ts';
import { unfitted } from '../../../src/fit/log-fit.ts';
import { explainFiles } from '../../builders/evidence.ts';

const LOGS = fileURLToPath(new URL('logs/', import.meta.url));

/** Milliseconds after `t0`, by the API server's audit log, the simulated kubelet and the scripted service. */
type TrueTimes = Partial<Record<string, number>>;
interface Truth {
  readonly settings: { readonly workers: number; readonly jitMs: number };
  readonly t0: string;
  readonly runners: Readonly<Record<string, TrueTimes>>;
}

/** What the truth calls by another name. */
const NAMES: Readonly<Record<string, string>> = { secretCreated: 'secret' };
/** From a request's arrival at the server to the line with its answer; one create in 1,300 took 190 ms. */
const ANSWERED_MS = 200;
const MILESTONES = [
  'created',
  'registered',
  'secretCreated',
  'podCreated',
  'running',
  'jobStarted',
  'finished',
  'deleted',
  'gone',
];

function truthOf(name: string): Truth {
  return JSON.parse(readFileSync(`${LOGS}${name}.truth.json`, 'utf8')) as Truth;
}

function logsOf(name: string): string[] {
  return [`${name}.controller`, `${name}.listener-1`, `${name}.listener-2`]
    .map((log) => `${LOGS}${log}.log.gz`)
    .filter(existsSync);
}

function microseconds(time: string): number {
  return Date.parse(`${time.slice(0, 23)}Z`) * 1000 + Number(time.slice(23, 26));
}

/** How far the true time lies outside the answer, in milliseconds; 0 within. */
function outsideMs(time: MilestoneTime, trueUs: number): number {
  const [from, until] = [microseconds(time.at), microseconds(time.until ?? time.at)];
  return Math.max(from - trueUs, trueUs - until, 0) / 1000;
}

function compare(explanation: Explanation, { t0, runners }: Truth, milestones: readonly string[]): number {
  let compared = 0;
  const answers = new Map(explanation.runners.map((runner) => [runner.name, runner]));
  for (const [name, times] of Object.entries(runners)) {
    for (const milestone of milestones) {
      const ms = times[milestone];
      const answer = answers.get(name)?.milestones[(NAMES[milestone] ?? milestone) as 'created'];
      if (ms === undefined) continue;
      if (answer === undefined) {
        // A container that is killed with its pod ends unseen.
        assert.equal(milestone, 'finished', `${name}: ${milestone} is missing`);
        continue;
      }
      const off = outsideMs(answer, microseconds(t0) + ms * 1000);
      assert.ok(off <= ANSWERED_MS, `${name}: ${milestone} is ${off} ms outside ${JSON.stringify(answer)}`);
      compared++;
    }
  }
  return compared;
}

describe('logs of the real controllers', () => {
  const names = readdirSync(LOGS).flatMap((file) => /^(.*)\.truth\.json$/.exec(file)?.[1] ?? []);

  for (const name of names.filter((each) => logsOf(each).length > 0)) {
    it(`give each runner its milestones, within the clock's resolution: ${name}`, async () => {
      const truth = truthOf(name);
      const explanation = await explainFiles(...logsOf(name));
      assert.ok(compare(explanation, truth, MILESTONES) > 0, 'nothing was compared');
      assert.equal(
        explanation.files.reduce((sum, { unknown }) => sum + unknown, 0),
        0,
        'lines were not understood',
      );
      assert.deepEqual(unfitted(explanation.reading).settings.workers, {
        value: truth.settings.workers,
        low: truth.settings.workers,
        high: truth.settings.workers,
        basis: 'line',
      });
    });
  }

  const wrapped: [log: string, truth: string][] = [
    ['jobs-3-latest.prefix', 'jobs-3-latest'],
    ['jobs-3-new.prefix-timestamps', 'jobs-3-new'],
    ['set-30-latest.timestamps', 'set-30-latest'],
  ];
  for (const [log, truth] of wrapped) {
    it(`say the same with what kubectl puts before a line: ${log}`, async () => {
      const explanation = await explainFiles(`${LOGS}${log}.log.gz`);
      const milestones = MILESTONES.filter((milestone) => milestone !== 'jobStarted');
      assert.ok(compare(explanation, truthOf(truth), milestones) > 9);
    });
  }

  const verdicts: [log: string, findings: readonly string[], release: RegExp, verdict: RegExp][] = [
    [
      'burst-300-workers-2-latest',
      ['actions-lock'],
      /^0\.14/,
      /last pod came after 1 min 4 s because 300 JIT calls ran one at a time, one every 0\.213 s/,
    ],
    [
      'burst-100-workers-4-latest',
      ['actions-lock'],
      /^0\.14/,
      /after 41 s because 100 JIT calls ran one at a time, one every 0\.41 s/,
    ],
    ['set-100-workers-2-latest', ['actions-lock'], /^0\.14/, /after 21 s because 100 JIT calls/],
    [
      'burst-300-workers-2-new',
      ['client-limit'],
      /^0\.9\.3 to 0\.12\.1$/,
      /after 1 min 24 s because requests for secrets ran at the Kubernetes client's limit of 20 a second/,
    ],
    ['set-100-workers-10-new', ['client-limit'], /^0\.9\.3 to 0\.12\.1$/, /after 24 s because requests for secrets/],
    ['jobs-50-new', ['client-limit'], /^0\.9\.3 to 0\.10\.1$/, /after 15 s because requests for secrets/],
    [
      'set-failed-old',
      ['pod-refused'],
      /^0\.9\.3 to 0\.10\.1$/,
      /refused the pods of .* and 2 others: spec\.containers\[1\]\.name: Invalid value: "Bad_Name"/,
    ],
    ['set-failed-latest', ['pod-refused'], /^0\.14/, /refused the pods of .* and 2 others/],
    ['outdated-latest', ['outdated'], /^0\.14/, /is outdated: GitHub no longer takes its runner version/],
    ['jobs-3-old', [], /^0\.9\.3 to 0\.10\.1$/, /^Nothing wrong found in 3 runners/],
    ['jobs-3-latest', [], /^0\.14/, /^Nothing wrong found in 3 runners/],
    ['set-30-json-latest', [], /^0\.14/, /^Nothing wrong found in 30 runners/],
    ['set-30-json-new', [], /^0\.9\.3 to 0\.10\.1$/, /^Nothing wrong found in 31 runners/],
  ];
  for (const [log, findings, release, verdict] of verdicts) {
    it(`get the verdict that their truth gives: ${log}`, async () => {
      const explanation = await explainFiles(...logsOf(log));
      assert.match(explanation.verdict, verdict);
      assert.deepEqual(
        explanation.findings.map(({ id }) => id),
        findings,
      );
      assert.match(explanation.release?.text ?? '', release);
    });
  }

  it("have parts of each runner's wait that sum to it exactly", async () => {
    for (const name of ['burst-300-workers-2-new', 'set-100-workers-2-latest', 'jobs-50-new']) {
      for (const { name: runner, path, milestones } of (await explainFiles(...logsOf(name))).runners) {
        const { created, podCreated } = milestones;
        if (created === undefined || podCreated === undefined) continue;
        const wait = microseconds(podCreated.at) - microseconds(created.at);
        assert.equal(
          path.reduce((sum, { us }) => sum + us, 0),
          wait,
          `${name} ${runner}`,
        );
      }
    }
  });
});
