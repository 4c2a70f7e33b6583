import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import { parseConfigUrl } from '../../../src/actions/config-url.ts';
import type { JobEvent } from '../../../src/actions/job.ts';
import { ListenerMetrics } from '../../../src/model/listener-metrics.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';

const NEVER = '0001-01-01T00:00:00Z';
const job: JobEvent = {
  ...{ messageType: 'JobCompleted', runnerRequestId: 1, repositoryName: 'repo', ownerName: 'org', jobId: 'job-1' },
  ...{ jobWorkflowRef: 'org/repo/.github/workflows/ci.yml@refs/heads/main', jobDisplayName: 'build' },
  ...{ workflowRunId: 7, eventName: 'push', requestLabels: [], queueTime: NEVER, result: 'succeeded' },
  ...{ runnerId: 101, runnerName: 'runner-1' },
  scaleSetAssignTime: '2026-01-01T00:00:01.900Z',
  runnerAssignTime: '2026-01-01T00:00:04.100Z',
  finishTime: '2026-01-01T00:01:04.100Z',
};

function metricsOf(mode: string): { text: () => Promise<string[]>; observer: ListenerMetrics['observer'] } {
  const registry = new Registry();
  const { observer } = new ListenerMetrics(registry, RELEASES.get(mode).switches);
  const github = parseConfigUrl('https://github.com/org/repo');
  observer.started({ setName: 'lab', setNamespace: 'arc-runners', minRunners: 1, maxRunners: 9, github });
  return {
    observer,
    text: async () => (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#')),
  };
}

describe('The metrics of a listener', () => {
  it('show limits, the counts of the service and the decision, with the labels of the scale set', async () => {
    const { observer, text } = metricsOf('latest');
    observer.statistics({
      ...{ totalAvailableJobs: 1, totalAcquiredJobs: 2, totalAssignedJobs: 3, totalRunningJobs: 4 },
      ...{ totalRegisteredRunners: 5, totalBusyRunners: 6, totalIdleRunners: 7 },
    });
    observer.desired(8);
    const labels = 'name="lab",namespace="arc-runners",enterprise="",organization="org",repository="repo"';
    assert.deepEqual((await text()).sort(), [
      `gha_assigned_jobs{${labels}} 3`,
      `gha_busy_runners{${labels}} 6`,
      `gha_desired_runners{${labels}} 8`,
      `gha_idle_runners{${labels}} 7`,
      `gha_max_runners{${labels}} 9`,
      `gha_min_runners{${labels}} 1`,
      `gha_registered_runners{${labels}} 5`,
      `gha_running_jobs{${labels}} 4`,
    ]);
  });

  it('count jobs and take their durations in whole seconds', async () => {
    const { observer, text } = metricsOf('latest');
    observer.jobStarted(job);
    observer.jobCompleted(job);
    const lines = await text();
    const labels = 'repository="repo",organization="org",enterprise="",job_name="build",event_name="push"';
    assert.ok(lines.includes(`gha_started_jobs_total{${labels}} 1`), lines.join('\n'));
    assert.ok(lines.includes(`gha_completed_jobs_total{${labels},job_result="succeeded"} 1`), lines.join('\n'));
    assert.ok(lines.includes(`gha_job_startup_duration_seconds_sum{${labels}} 3`), lines.join('\n'));
    assert.ok(lines.includes(`gha_job_execution_duration_seconds_sum{${labels},job_result="succeeded"} 60`));
  });

  it('name workflow and runner up to 0.10, and no more from 0.11 on', async () => {
    for (const [mode, names] of [
      ['new', true],
      ['0.11.0', false],
    ] as const) {
      const { observer, text } = metricsOf(mode);
      observer.jobStarted(job);
      const line = (await text()).find((one) => one.startsWith('gha_started_jobs_total')) ?? '';
      assert.equal(line.includes('runner_name="runner-1"'), names, mode);
      assert.equal(line.includes('job_workflow_ref='), names, mode);
    }
  });

  it('count all registered runners as busy in 0.11.0 alone, as upstream does', async () => {
    for (const [mode, busy] of [
      ['new', 2],
      ['0.11.0', 5],
      ['0.12.1', 2],
    ] as const) {
      const { observer, text } = metricsOf(mode);
      observer.statistics({
        ...{ totalAvailableJobs: 0, totalAcquiredJobs: 0, totalAssignedJobs: 2, totalRunningJobs: 2 },
        ...{ totalRegisteredRunners: 5, totalBusyRunners: 2, totalIdleRunners: 3 },
      });
      const line = (await text()).find((one) => one.startsWith('gha_busy_runners')) ?? '';
      assert.ok(line.endsWith(` ${busy}`), `${mode}: ${line}`);
    }
  });

  it('leave a job out that no runner was given, from 0.14.2 on', async () => {
    for (const [mode, count] of [
      ['0.14.0', 1],
      ['0.14.2', 0],
    ] as const) {
      const { observer, text } = metricsOf(mode);
      observer.jobCompleted({ ...job, runnerAssignTime: NEVER });
      const counted = (await text()).filter((line) => line.startsWith('gha_completed_jobs_total')).length;
      assert.equal(counted, count, mode);
    }
  });
});
