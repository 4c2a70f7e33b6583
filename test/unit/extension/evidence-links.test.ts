import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { lineLinks, shortNames } from '../../../src/extension/evidence-links.ts';
import { openInput } from '../../../src/evidence/open-input.ts';
import { explainLogs } from '../../../src/report/explain-logs.ts';

const LOGS = fileURLToPath(new URL('../evidence/logs/', import.meta.url));

describe('links of an answer to the lines of logs', () => {
  it('are all places that name a line of one of its files, whatever its name', () => {
    const text = 'a.log:12  x\n  old/a.log:3 to a.log:44\n(b [1].log:7) c.log:1 xa.log:9';
    const links = lineLinks(text, ['a.log', 'old/a.log', 'b [1].log']);
    assert.deepEqual(
      links.map(({ file, line }) => [file, line]),
      [
        ['a.log', 12],
        ['old/a.log', 3],
        ['a.log', 44],
        ['b [1].log', 7],
      ],
    );
    for (const { from, to, file, line } of links) assert.equal(text.slice(from, to), `${file}:${line}`);
    assert.deepEqual(lineLinks(text, []), []);
  });

  it('name each line of evidence of a real log', async () => {
    const name = 'set-100-workers-2-latest.controller.log.gz';
    const { explanation, text, trace } = await explainLogs([{ name, bytes: openInput(`${LOGS}${name}`) }]);
    const linked = new Set(lineLinks(text, [name]).map(({ line }) => line));
    const lines = explanation.findings.flatMap(({ evidence }) => evidence.map(({ at }) => at.line));
    assert.ok(lines.length > 0);
    for (const line of lines) assert.ok(linked.has(line), `line ${line} has no link`);
    assert.equal(trace?.passCount, 200);
  });
});

describe('names of logs that are read together', () => {
  it('are as short as tells them apart', () => {
    assert.deepEqual(shortNames(['/x/a.log']), ['a.log']);
    assert.deepEqual(shortNames(['/x/1/a.log', '/x/2/a.log', '/x/b.log']), ['1/a.log', '2/a.log', 'b.log']);
  });
});
