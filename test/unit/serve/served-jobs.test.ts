import assert from 'node:assert/strict';
import { ServedCluster } from '../../../src/serve/served-cluster.ts';
import { BARE } from '../../builders/served-cluster.ts';

describe('serve with jobs', () => {
  it('offers them to the scale set that a controller makes over HTTP, and its listener gets them with a long poll', async () => {
    const served = await ServedCluster.start({ ...BARE, jobs: '2 at once' });
    try {
      const call = async (method: string, path: string, body?: object, token = ''): Promise<Response> => {
        return fetch(`${served.actionsUrl}${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, connection: 'close' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
      };
      const sets = '/tenant/_apis/runtime/runnerscalesets';
      const made = (await (await call('POST', sets, { name: 'real' })).json()) as { id: number };
      const opened = await call('POST', `${sets}/${made.id}/sessions`, { ownerName: 'listener' });
      const session = (await opened.json()) as { messageQueueUrl: string; messageQueueAccessToken: string };
      const { pathname } = new URL(session.messageQueueUrl);
      const polled = await call('GET', pathname, undefined, session.messageQueueAccessToken);
      const { body, statistics } = (await polled.json()) as {
        body: string;
        statistics: { totalAvailableJobs: number };
      };
      const events = JSON.parse(body) as { messageType: string }[];
      assert.deepEqual(
        events.map(({ messageType }) => messageType),
        ['JobAvailable', 'JobAvailable'],
      );
      assert.equal(statistics.totalAvailableJobs, 2);
    } finally {
      await served.close();
    }
  });

  it('does not start with a load that cannot be read', async () => {
    await assert.rejects(ServedCluster.start({ ...BARE, jobs: 'some' }), /jobs are given as/);
  });
});
