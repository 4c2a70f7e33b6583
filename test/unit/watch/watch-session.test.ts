import assert from 'node:assert/strict';
import { WatchSession } from '../../../src/watch/watch-session.ts';
import { eventually } from '../../builders/eventually.ts';
import { controllerLine, heldLines, WatchedCluster } from '../../builders/watched-cluster.ts';

describe('a session that watches', () => {
  let cluster: WatchedCluster;

  afterEach(() => cluster.close());

  it('has what is found while it goes on, and when it has ended what its last lines say', async () => {
    cluster = await WatchedCluster.start();
    await cluster.served.createRunners(3);
    cluster.say(291, ...heldLines(291));
    const session = await WatchSession.open({ kubeconfig: cluster.kubeconfig }, {});
    const found = (): string => session.explanation.findings.map(({ sentence }) => sentence).join('\n');
    try {
      await eventually(() => assert.match(session.sentence, /DELETE agent 5511 of runner runner-1 since/));
      assert.equal(session.explanation.verdict, session.sentence);
      assert.match(found(), /DELETE call for runner-1 has held a worker/);
      cluster.say(0, controllerLine(0, 'runner-1', 'Removed runner from the service'));
      cluster.say(0, controllerLine(0, 'runner-1', 'Successfully removed runner registration from service'));
      await eventually(() => {
        const [open] = [...session.trace.running()].map((number) => session.trace.pass(number));
        assert.notEqual(open?.requests?.[0]?.ended, undefined);
      });
    } finally {
      const before = session.explanation;
      await session.stop();
      assert.notEqual(session.explanation, before, 'it is looked at again');
    }
    assert.match(found(), /DELETE call for runner-1 held a worker for 4 min 5\d s/);
    assert.equal(session.explanation, session.explanation, 'nothing is looked at any more');
  });
});
