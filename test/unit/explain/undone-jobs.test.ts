import assert from 'node:assert/strict';
import { listenerSentences } from '../../../src/explain/listener-events.ts';
import { scaleSetText } from '../../../src/report/scale-set-text.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { endText } from '../../../src/run/run-end.ts';
import { parseFaults } from '../../../src/run/conditions-control.ts';
import { parseTroubles } from '../../../src/run/listener-trouble.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import type { Load } from '../../../src/run/run-target.ts';
import { chainRun } from '../../builders/chain-run.ts';

/** What is said of a scale set that is to do three jobs. */
function textOf(settings: Partial<RunSettings>, load: Load = {}, horizonUs = 900e6): string {
  const scaleSet = { jobs: parseLoad('3'), minRunners: 0, maxRunners: 3 };
  const all = { ...DEFAULT_SETTINGS, mode: '0.14.2', jobDurationUs: 10e6, ...settings };
  return scaleSetText(simulate(all, { load: { scaleSet, ...load }, horizonUs }).trace, 3);
}

const events = (text: string): readonly string[] =>
  listenerSentences(chainRun('0.14.2', { listener: parseTroubles(text) }).trace);

describe('what is said of a release whose listener acquires no jobs', () => {
  it('is that, and nothing of a listener that jobs wait for', () => {
    const text = textOf({ mode: '0.14.0' });
    assert.match(
      text,
      /3 jobs have not started: 0\.14\.0's listener acquires no jobs, .* 0\.14\.1 acquires them again: run 0\.14\.2\./,
    );
    assert.doesNotMatch(text, /wait for a listener|asked for no runner/);
    for (const mode of ['0.14.2', '0.14.0-4383']) assert.doesNotMatch(textOf({ mode }), /acquires no jobs/, mode);
  });
});

describe('what is said of things that were to happen to a listener', () => {
  it('is when they did, and when the listener ran again', () => {
    const [killed, evicted, slow, fast, ...others] = events(
      'evict at 4s, kill at 1.5s, slow by 1s at 5s, slow by 0s at 6s',
    );
    assert.match(
      killed ?? '',
      /^Listener killed 1\.50 s after the AutoscalingRunnerSet was made; it ran again .+ later\.$/,
    );
    assert.match(
      evicted ?? '',
      /^Listener evicted 4\.00 s after the AutoscalingRunnerSet was made; it ran again .+ later\.$/,
    );
    assert.match(
      slow ?? '',
      /^Listener slowed down: each answer comes 1\.00 s later, from 5\.00 s after .* was made\.$/,
    );
    assert.match(fast ?? '', /^Listener no longer slowed down, from 6\.00 s after .* was made\.$/);
    assert.deepEqual(others, []);
  });

  it('has the times of the table too, where one stands beside it', () => {
    const scaleSet = {
      jobs: parseLoad('3'),
      minRunners: 0,
      maxRunners: 3,
      listener: parseTroubles('slow by 0s at 0s, kill at 12s'),
    };
    const text = textOf({}, { scaleSet });
    assert.match(
      text,
      /Listener killed 12\.00 s after the AutoscalingRunnerSet was made, 10\.8\d s in the table; it ran/,
    );
    assert.match(
      text,
      /no longer slowed down, from 0 after .* was made, before the first job was queued\.|Nothing happened at 0/,
    );
  });

  it('is that nothing happened, and why: no listener ran yet, none ran at that time, or the run was over', () => {
    const [early, , between, late] = events('kill at 1s, kill at 2s, kill at 2.1s, evict at 30m');
    assert.match(
      early ?? '',
      /^Nothing happened at 1\.00 s: no listener ran that could be killed; the first one ran at 1\.15 s\. /,
    );
    assert.match(
      between ?? '',
      /^Nothing happened at 2\.10 s: no listener ran .* killed; it ran again at \d\.\d\d s\. /,
    );
    assert.match(
      late ?? '',
      /^Nothing happened to the listener at 30 min 0 s: the run was over after .*\. Give an earlier/,
    );
  });

  it('is one sentence each, also for those at the same time', () => {
    assert.deepEqual(
      events('kill at 3s, kill at 3s').map((text) => text.split(/ at | 3/)[0]),
      ['Listener killed', 'Nothing happened'],
    );
    assert.deepEqual(listenerSentences(chainRun('0.14.2').trace), [], 'nothing was to happen');
  });
});

describe('a scale set whose runners all end before they have a job', () => {
  it('is given up an hour after the last job came, which is said', () => {
    const scaleSet = { jobs: parseLoad('3'), minRunners: 0, maxRunners: 3 };
    for (const [mode, pods] of [
      ['0.13.1', 'outdated-runner'],
      ['0.14.2', 'fails-at-start'],
    ] as const) {
      const { end } = simulate({ ...DEFAULT_SETTINGS, mode, pods }, { load: { scaleSet } });
      assert.match(
        endText(end),
        /as none had started or ended for 1 h 0 min \d+ s, while runners came and went\.$/,
        mode,
      );
    }
    const slow = simulate({ ...DEFAULT_SETTINGS, mode: '0.14.2', jobDurationUs: 3 * 3600e6 }, { load: { scaleSet } });
    assert.equal(slow.end.kind, 'quiet', 'a job that runs for hours is waited for');
  });
});

describe('what is said of a runner that was made while no listener ran', () => {
  it('is that it took the place of one that was done', () => {
    const scaleSet = { jobs: parseLoad('30'), minRunners: 0, maxRunners: 100, listener: parseTroubles('kill at 5s') };
    assert.match(
      textOf({}, { scaleSet }),
      /^1 runner had no job, for [\d.]+ s: while no listener asked for messages, its set made it in place of one/m,
    );
  });
});

describe('what is said of a scale set that another release takes over', () => {
  const taken = (keepsLabel: boolean, listener = ''): string => {
    const scaleSet = {
      ...{ jobs: parseLoad('10 jobs, 5 a minute'), minRunners: 0, maxRunners: 3 },
      ...(listener === '' ? {} : { listener: parseTroubles(listener) }),
    };
    const upgrade = { from: '0.12.1', afterUs: 60e6, keepsLabel };
    return textOf({}, { scaleSet, upgrade }, 600e6);
  };

  it('is that its label made the later one delete it, and nothing of the listener or the service after that', () => {
    const text = taken(true);
    assert.match(
      text,
      /^\d jobs have not started: 0\.14\.2 deleted the scale set .+, as its label app\.kubernetes\.io\/version is still that of 0\.12\.1;/m,
    );
    assert.doesNotMatch(text, /githubConfigUrl|wait for a listener|Look at the pod/);
  });

  it('is which of two listeners was killed, and that the other has no session', () => {
    const text = taken(false, 'kill at 20s');
    assert.match(text, /^Listener lab-754b578d-listener killed 20\.00 s after .+; it ran again 1\.\d\d s later\.$/m);
    assert.match(text, /\(create-session\) were refused \(409\), .+ Another listener had the session/m);
    assert.doesNotMatch(text, /what needed their answers waited/);
  });
});

describe('what is said of jobs that are all done, and late', () => {
  const failing = (text: string): Load => {
    const conditions = parseFaults(text);
    assert.ok(typeof conditions !== 'string');
    return { conditions };
  };

  it('is which requests were refused until they were tried again, and when', () => {
    assert.match(
      textOf({}, failing('get-message 500 5')),
      /^5 calls to the Actions service \(get-message\) were refused \(500\), the first .+ after the first job was queued, the last .+ later\. They were tried again/m,
    );
    assert.match(textOf({}, failing('generatejitconfig 503 2')), /^2 JIT calls were refused \(503\), the first /m);
    assert.match(
      textOf({}, failing('create pods 500')),
      /^1 request to Kubernetes \(create pods\) for the listener was refused/m,
    );
  });

  it('is that requests were refused as planned, also with an answer that is usual without a plan', () => {
    assert.match(
      textOf({}, failing('patch ephemeralrunnersets 409 4')),
      /^4 requests to Kubernetes \(patch ephemeralrunnersets\) were refused \(409\), the first .+ They were tried again/m,
    );
    assert.doesNotMatch(textOf({}), /refused \(4/);
  });

  it('is that the listener was refused its messages, and not that it acted on one', () => {
    const text = textOf({}, failing('get-message 500 3'));
    assert.match(text, /jobs waited up to .+ for a listener: its call for messages was refused, /);
    assert.doesNotMatch(text, /acted on a message/);
  });

  it('is what held pods up', () => {
    assert.match(
      textOf({ pods: 'waits-for-node' }),
      /^Pods of 3 runners took up to \d min \d+ s from when they were made until they ran: Unschedulable\. Their jobs waited/m,
    );
    assert.match(textOf({ pods: 'one-slow-node' }), /^(?:The pod of 1 runner|Pods of \d runners) took /m);
  });
});

describe('what is said of jobs that are not done', () => {
  it('is nothing where all are', () => {
    assert.match(textOf({}), /At most \d+ runners at a time, those being removed included\.$/);
  });

  it('is what ended their runners, where they were lost', () => {
    const text = textOf({ pods: 'evicted' }, {}, 3600e6);
    assert.match(text, /^0 of 3 jobs are done\.$/m);
    const why = /pods of their runners failed \(Evicted\), the first \d+\.\d+ s after the first job was queued\. /;
    assert.match(
      text,
      new RegExp(`^3 jobs were lost: ${why.source}GitHub gave the first one up 1\\d min \\d+ s after`, 'm'),
    );
  });

  it('is that pods failed before they got a job, how many and since when', () => {
    for (const mode of ['0.12.1', '0.14.2', 'latest']) {
      const text = textOf({ mode, pods: 'fails-at-start' });
      assert.match(
        text,
        /^3 jobs have not started: \d+ runners were made, and pods of \d+ runners failed \(exit 1\) before/m,
        mode,
      );
    }
  });

  it('is why pods never start, since when, what ARC does about it and what to do', () => {
    const cases: [Partial<RunSettings>, RegExp][] = [
      [
        { pods: 'image-pull-back-off' },
        /^3 jobs have not started: pods of 3 runners do not start \(ImagePullBackOff\), the first for \d+ min \d+ s\. ARC does nothing about it .* Check image/m,
      ],
      [
        { pods: 'no-capacity', jobDurationUs: 7200e6 },
        /^1 job has not started: the pod of 1 runner does not start \(Unschedulable\), for \d+ min \d+ s\. .*node/m,
      ],
    ];
    for (const [settings, expected] of cases) {
      const text = textOf(settings);
      assert.match(text, expected);
      assert.doesNotMatch(text, /by the end of the run/);
    }
  });

  it('is that no runner was made, or that jobs that still ran had all that there may be', () => {
    const faults = [{ verb: 'create', resource: 'ephemeralrunners', status: 403, times: 1e6 }] as const;
    assert.match(textOf({}, { conditions: { faults } }), /^3 jobs have not started: .* runners, and none was made\.$/m);
    const scaleSet = { jobs: parseLoad('5'), minRunners: 0, maxRunners: 3 };
    assert.match(
      textOf({ jobDurationUs: 3600e6 }, { scaleSet }, 60e6),
      /^2 jobs have not started by the end of the run, .* queued: as many jobs still ran as the maximum has runners\.$/m,
    );
  });

  it('is which container failed, where it is not that of the runner', () => {
    assert.match(textOf({ pods: 'init-fails' }), /failed \(init container exit 1\) before/);
  });

  it('is that runners are too old, where all say so', () => {
    for (const [mode, isShutDown] of [
      ['0.12.1', false],
      ['0.14.2', true],
      ['latest', false],
    ] as const) {
      const text = textOf({ mode, pods: 'outdated-runner' });
      assert.match(
        text,
        /failed \(exit 7\) .* GitHub no longer takes runners of this version.+et a newer image/m,
        mode,
      );
      const shutDown = new RegExp(
        `so ${mode} shut the scale set down \\d\\.\\d+ s after .* no job starts until it is changed`,
      );
      assert.equal(shutDown.test(text), isShutDown, text);
      assert.doesNotMatch(text, /get-message/, `${mode}: the poll of a listener that is removed is cut off, as usual`);
    }
  });

  it('is that runners end by themselves without a job, how many and since when', () => {
    for (const mode of ['0.12.1', '0.14.2', 'latest']) {
      const text = textOf({ mode, pods: 'exits-unregistered' });
      const what =
        /^3 jobs have not started: \d+ runners were made, and the runners ended by themselves before they got/m;
      assert.match(text, what, mode);
    }
  });

  it('is not that a listener renewed its token, which it does every hour', () => {
    const text = textOf({ pods: 'fails-at-start' }, {}, 3 * 3600e6);
    assert.doesNotMatch(text, /refused/, 'a renewed token keeps no job from running');
    const actionsFaults = [{ operation: 'get-message', status: 401, times: 1e6 }] as const;
    assert.match(
      textOf({}, { conditions: { actionsFaults } }),
      / to the Actions service \(get-message\) were refused \(401\)/,
      'but one that is never taken does',
    );
  });

  it('is that GitHub takes a job for running, where it removes no runner because of that', () => {
    const text = textOf({ pods: 'oom-killed' }, {}, 3600e6);
    assert.match(text, /delete-runner\) were refused \(400\), .* GitHub takes the jobs of these runners for running/m);
  });

  it('is which calls were refused, how often, since when, and what to look at', () => {
    const faults = (status: number): Load => ({
      conditions: { actionsFaults: [{ operation: 'generatejitconfig', status, times: 1e6 }] },
    });
    const cases: [number, RegExp][] = [
      [401, /githubConfigSecret/],
      [403, /manage self-hosted runners/],
      [404, /githubConfigUrl/],
      [429, /limits the rate/],
      [503, /GitHub's status page/],
    ];
    for (const [status, advice] of cases) {
      const text = textOf({}, faults(status));
      assert.match(
        text,
        new RegExp(`^\\d+ JIT calls were refused \\(${status}\\), the first \\d+ ms and the last .+ after`, 'm'),
      );
      assert.match(text, advice, String(status));
    }
  });

  it('is what the API server objects to, and with definitions of another release that no failure is counted', () => {
    const upgrade = { from: '0.11.0', afterUs: 1e6 };
    const old = (mode: string, keepsDefinitions: boolean): string =>
      textOf({ mode, pods: 'fails-at-start' }, { upgrade: { ...upgrade, keepsDefinitions } }, 60e6);
    for (const mode of ['0.12.1', '0.14.2', 'latest']) {
      assert.match(
        old(mode, true),
        new RegExp(
          `422\\), .* takes status\\.failures as boolean only\\. ${mode} counts no failure .* no back-off, and made \\d\\d+ pods\\. Replace the custom resource definitions by those of ${mode};`,
        ),
        mode,
      );
      assert.doesNotMatch(old(mode, false), /definition/, mode);
    }
    const faults = [{ verb: 'create', resource: 'ephemeralrunners', status: 422, times: 1e6 }] as const;
    const text = textOf({}, { conditions: { faults } });
    assert.match(text, /The API server says: .+\. Change what it objects to, in the pod template/);
  });

  it('is that another listener has the session', () => {
    const actionsFaults = [{ operation: 'create-session', status: 409, times: 1e6 }] as const;
    const text = textOf({}, { conditions: { actionsFaults } });
    assert.match(text, /create-session\) were refused \(409\), .* Another listener has the session/);
  });

  it('counts from the start where no job has come', () => {
    const faults = [{ verb: 'create', resource: 'pods', status: 403, times: 1e6 }] as const;
    const text = textOf({}, { conditions: { faults } });
    assert.match(text, /^No job has come\.$/m);
    assert.match(text, /create pods\) were refused \(403\), the first .+ and the last .+ after the start\./);
    assert.doesNotMatch(text, /job was queued/);
  });

  it('is that no listener can run without pods', () => {
    assert.match(textOf({ pods: 'none' }), /^With the preset none no pod runs, not even that of the listener/m);
  });

  it('is that some still ran, or waited, when the run ended', () => {
    const text = textOf(
      { jobDurationUs: 3600e6 },
      { scaleSet: { jobs: parseLoad('4'), minRunners: 0, maxRunners: 3 } },
      60e6,
    );
    assert.match(text, /^1 job has not started by the end of the run/m);
    assert.match(text, /^3 jobs still ran when the run ended, /m);
  });
});
