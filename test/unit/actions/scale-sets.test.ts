import assert from 'node:assert/strict';
import { OWN_CLIENT, scalesetClient } from '../../../src/actions/client-policy.ts';
import { EmbeddedActionsService } from '../../../src/actions/embedded-service.ts';
import { ActionsError } from '../../../src/actions/errors.ts';
import type { ActionsStep } from '../../../src/actions/retry.ts';
import type { HttpRequest } from '../../../src/base/http.ts';
import { aClient, drive } from '../../builders/actions-client.ts';

const labels = [{ type: 'System', name: 'lab' }];
const spec = { name: 'lab', runnerGroupId: 1, labels, RunnerSetting: { disableUpdate: true } };

describe('Scale sets at the Actions service', () => {
  let service: EmbeddedActionsService;
  let client: ReturnType<typeof aClient>;
  beforeEach(() => {
    service = new EmbeddedActionsService({
      ...{ seed: 1, baseUrl: 'http://127.0.0.1:1', nowMs: () => 0, runnerGroups: ['Linux large'] },
    });
    client = aClient();
  });

  const call = <T>(step: ActionsStep<T>): { value: T; last: HttpRequest } => {
    const { value, requests } = drive(step, (request) => service.handle(request));
    return { value, last: requests.at(-1) as HttpRequest };
  };

  // Recorded from the real controllers: paths with their parameters in this order, and bodies.
  it('are looked for, made, changed and deleted with the requests of the real controllers', () => {
    const seen = [
      call(client.getRunnerGroupByName('Linux large')).last,
      call(client.getRunnerScaleSet(1, 'lab')).last,
      call(client.createRunnerScaleSet(spec)).last,
      call(client.updateRunnerScaleSet(1, { runnerGroupId: 2 }, 'lab')).last,
      call(client.deleteRunnerScaleSet(1, 'lab')).last,
    ].map(
      ({ method, url, body }) =>
        `${method} ${url.slice('http://127.0.0.1:1/tenant/_apis/runtime/'.length)} ${body ?? ''}`,
    );
    assert.deepEqual(seen, [
      'GET runnergroups/?api-version=6.0-preview&groupName=Linux%20large ',
      'GET runnerscalesets?api-version=6.0-preview&name=lab&runnerGroupId=1 ',
      'POST runnerscalesets?api-version=6.0-preview {"name":"lab","runnerGroupId":1,"labels":[{"type":"System","name":"lab"}],"RunnerSetting":{"disableUpdate":true},"createdOn":"0001-01-01T00:00:00Z"}',
      'PATCH runnerscalesets/1?api-version=6.0-preview {"runnerGroupId":2,"RunnerSetting":{},"createdOn":"0001-01-01T00:00:00Z"}',
      'DELETE runnerscalesets/1?api-version=6.0-preview ',
    ]);
  });

  it('are found by name and group once they are made, and no more when they are deleted', () => {
    assert.equal(call(client.getRunnerScaleSet(1, 'lab')).value, undefined);
    const made = call(client.createRunnerScaleSet(spec)).value;
    assert.deepEqual([made.id, made.name, made.runnerGroupName, made.labels], [1, 'lab', 'Default', labels]);
    assert.deepEqual(call(client.getRunnerScaleSet(1, 'lab')).value, made);
    assert.equal(call(client.getRunnerScaleSet(2, 'lab')).value, undefined, 'another group has none of this name');
    call(client.deleteRunnerScaleSet(1, 'lab'));
    assert.equal(call(client.getRunnerScaleSet(1, 'lab')).value, undefined);
    assert.equal(call(client.createRunnerScaleSet(spec)).value.id, 2, 'no id is given twice');
  });

  it('keep what a change does not name', () => {
    call(client.createRunnerScaleSet(spec));
    const moved = call(client.updateRunnerScaleSet(1, { runnerGroupId: 2 }, 'lab')).value;
    assert.deepEqual([moved.name, moved.runnerGroupName, moved.labels], ['lab', 'Linux large', labels]);
    const renamed = call(client.updateRunnerScaleSet(1, { name: 'big' }, 'lab')).value;
    assert.deepEqual([renamed.name, renamed.runnerGroupId, renamed.RunnerSetting], ['big', 2, { disableUpdate: true }]);
  });

  const refusal = (step: ActionsStep<unknown>): string => {
    try {
      call(step);
    } catch (error) {
      if (error instanceof ActionsError) return `${error.status} ${error.typeName.split(',')[0]?.split('.').at(-1)}`;
      return (error as Error).message;
    }
    return 'nothing';
  };

  it('are refused where the name is taken, the group or the set is not there', () => {
    call(client.createRunnerScaleSet(spec));
    assert.deepEqual(
      [
        refusal(client.createRunnerScaleSet(spec)),
        refusal(client.createRunnerScaleSet({ ...spec, runnerGroupId: 7 })),
        refusal(client.updateRunnerScaleSet(9, { name: 'x' }, 'x')),
        refusal(client.deleteRunnerScaleSet(9, 'x')),
        refusal(client.getRunnerGroupByName('none')),
      ],
      [
        '409 RunnerScaleSetExistsException',
        '404 RunnerGroupNotFoundException',
        '404 RunnerScaleSetNotFoundException',
        '404 RunnerScaleSetNotFoundException',
        'no runner group found with name "none"',
      ],
    );
  });

  it('register no runners once they are deleted', () => {
    call(client.createRunnerScaleSet(spec));
    call(client.generateJitConfig(1, 'job1', ''));
    call(client.deleteRunnerScaleSet(1, 'lab'));
    assert.equal(refusal(client.generateJitConfig(1, 'job2', '')), '404 RunnerScaleSetNotFoundException');
  });

  it('outlive the process of the service', () => {
    call(client.createRunnerScaleSet(spec));
    const made = service.state;
    service = new EmbeddedActionsService({ seed: 1, baseUrl: 'http://x', nowMs: () => 0, restore: made });
    assert.equal(call(client.getRunnerScaleSet(1, 'lab')).value?.id, 1);
    assert.equal(call(client.createRunnerScaleSet({ ...spec, name: 'other' })).value.id, 2);
  });

  it('answer what is no scale set with 400 and change nothing', () => {
    const bodies = ['', 'null', '[]', '{"name":1}', '{"name":"x","labels":[1]}', '{"name":"x","runnerGroupId":"1"}'];
    const url = 'http://127.0.0.1:1/tenant/_apis/runtime/runnerscalesets?api-version=6.0-preview';
    const statuses = bodies.map((body) => service.handle({ method: 'POST', url, headers: {}, body }).status);
    assert.deepEqual(statuses, [400, 400, 400, 400, 400, 400]);
    assert.deepEqual(service.state.scaleSets, { nextId: 1, sets: [] });
  });
});

describe('The user agent of a controller', () => {
  const recorded = [
    ['the own client', OWN_CLIENT, 'actions-runner-controller/NA (NA; controller) ScaleSetID/1 (Proxy/disabled)'],
    [
      'the scaleset client',
      scalesetClient('v0.4.0'),
      '{"system":"actions-runner-controller","version":"NA","commit_sha":"NA","scale_set_id":1,"subsystem":"gha-scale-set-controller","build_version":"v0.4.0","build_commit_sha":"v0.4.0","kind":"scaleset"}',
    ],
  ] as const;
  for (const [name, policy, agent] of recorded) {
    it(`names its scale set once that is known (${name}), also after the admin token was renewed`, () => {
      const tokenLifeMs = 600_000;
      const service = new EmbeddedActionsService({ seed: 1, baseUrl: 'http://x', nowMs: () => 0, tokenLifeMs });
      const client = aClient(policy);
      const agents = (step: ActionsStep<unknown>, nowMs = 0): (string | undefined)[] => {
        const { requests } = drive(
          step,
          (request) => service.handle(request),
          () => nowMs,
        );
        return requests.map(({ headers }) => headers['user-agent']);
      };
      assert.ok(!agents(client.createRunnerScaleSet(spec)).includes(agent), 'not before it is known');
      agents(client.nameCaller({ part: 'controller', scaleSetId: 1, hasProxy: false }));
      assert.deepEqual(agents(client.getRunnerScaleSet(1, 'lab')), [agent]);
      assert.deepEqual(agents(client.getRunnerScaleSet(1, 'lab'), tokenLifeMs), [agent, agent, agent]);
    });
  }
});
