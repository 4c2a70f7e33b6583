import assert from 'node:assert/strict';
import { refusalOfPod } from '../../../src/problems/refusal.ts';

const prefix = 'Failed to create the pod: pods "otter-runner-1" is forbidden: ';

describe('a pod that the API server refused', () => {
  for (const [text, words] of [
    [
      'exceeded quota: compute, requested: pods=1, used: pods=1, limited: pods=1',
      'exceeded quota compute: used 1 + requested 1 > 1',
    ],
    [
      'exceeded quota: cpu-quota, requested: requests.cpu=900m, used: requests.cpu=900m, limited: requests.cpu=1',
      'exceeded quota cpu-quota: requests.cpu: used 900m + requested 900m > 1',
    ],
    [
      'exceeded quota: all, requested: limits.memory=4Gi,requests.cpu=2, used: limits.memory=14Gi,requests.cpu=3500m, limited: limits.memory=16Gi,requests.cpu=4',
      'exceeded quota all: limits.memory: used 14Gi + requested 4Gi > 16Gi, requests.cpu: used 3500m + requested 2 > 4',
    ],
  ] as const) {
    it(`because of a quota is a sum: ${words}`, () => {
      const refusal = refusalOfPod(prefix + text);
      assert.equal(refusal.words, words);
      assert.match(refusal.advice, /Raise the quota/);
    });
  }

  for (const [text, advice] of [
    [
      'failed quota: compute: must specify limits.cpu for: runner',
      /requests and limits that the quota compute asks for/,
    ],
    ['violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false', /security level restricted:latest/],
    ['maximum memory usage per Container is 1Gi, but limit is 4Gi', /limit range/],
    [
      'error looking up service account arc/builder: serviceaccount "builder" not found',
      /Create the service account builder/,
    ],
    ['no PriorityClass with name urgent was found', /Create the priority class urgent/],
    ['unable to create new content in namespace arc because it is being terminated', /another namespace/],
    [
      'User "system:serviceaccount:arc:ctl" cannot create resource "pods" in API group ""',
      /Allow system:serviceaccount:arc:ctl/,
    ],
  ] as const) {
    it(`keeps the server's words and gets advice that fits: ${text.slice(0, 40)}`, () => {
      const refusal = refusalOfPod(prefix + text);
      assert.equal(refusal.words, text);
      assert.match(refusal.advice, advice);
    });
  }

  it('by a webhook names the webhook, whatever its text says', () => {
    const text = 'admission webhook "policy.example.test" denied the request: exceeded quota of patience';
    assert.equal(refusalOfPod(text).words, text);
    assert.match(refusalOfPod(text).advice, /Ask who runs the webhook policy\.example\.test/);
  });

  it('for a reason that is not known keeps its text', () => {
    assert.equal(refusalOfPod('no').words, 'no');
  });
});
