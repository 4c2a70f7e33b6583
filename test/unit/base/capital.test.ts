import assert from 'node:assert/strict';
import { capital } from '../../../src/base/capital.ts';

describe('a text as a sentence', () => {
  for (const [text, sentence] of [
    ['no kubeconfig was found', 'No kubeconfig was found'],
    ['back-off passes', 'Back-off passes'],
    ['context "kind" is not there', 'Context "kind" is not there'],
    ['élan', 'Élan'],
    ['', ''],
  ] as const) {
    it(`begins with a capital letter: ${text}`, () => assert.equal(capital(text), sentence));
  }

  for (const text of [
    'empty.log is empty',
    'logs/controller.log.gz cannot be read',
    '/var/log/x cannot be read',
    'runner-7 is gone',
    '--qps takes a number',
    'arc-runners/runner is gone',
    'localhost:8080 refused the connection',
    '`why` reads logs',
  ]) {
    it(`keeps the name that it begins with: ${text}`, () => assert.equal(capital(text), text));
  }
});
