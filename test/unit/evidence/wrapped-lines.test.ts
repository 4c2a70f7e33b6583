import assert from 'node:assert/strict';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';

const TIMES = [0, 30, 60];
const LINES = TIMES.map((seconds) =>
  runnerLine(at(seconds), 'lark-1', 'Runner is not finished yet, retrying in 30s', { note: 'a "b", c' }),
);
const stamp = (index: number): string => at(TIMES[index] ?? 0).replace('Z', '.123Z');
const milliseconds = (index: number): number => Date.parse(stamp(index));

/** The same as zap writes it. */
const JSON_LINES = TIMES.map((seconds) => {
  return {
    ...{ severity: 'info', ts: at(seconds), logger: 'EphemeralRunner' },
    ...{ message: 'Runner is not finished yet, retrying in 30s', ephemeralrunner: { name: 'lark-1', namespace: 'ci' } },
  };
});

function each(wrap: (line: string, index: number) => string): string {
  return `${LINES.map(wrap).join('\n')}\n`;
}

function records(record: (line: string, index: number) => unknown): string {
  return each((line, index) => JSON.stringify(record(line, index)));
}

function checkAnswer({ findings, files }: Explanation, unknown = 0): void {
  assert.match(findings[0]?.sentence ?? '', /refused to remove lark-1 3 times over (?:1 min 0 s|60)/);
  assert.equal(files[0]?.unknown, unknown, files[0]?.unknownLines.map(({ text }) => text).join('\n'));
}

describe('a long line that Docker has cut', () => {
  const CUT = 16 << 10;
  /** Records of Docker's json-file driver: a piece without a line end is followed by the next. */
  const pieces = (line: string, index: number): string => {
    const bytes = Buffer.from(`${line}\n`);
    const count = Math.ceil(bytes.length / CUT);
    return Array.from({ length: count }, (_, piece) => {
      const log = bytes.subarray(piece * CUT, (piece + 1) * CUT).toString();
      return JSON.stringify({ log, stream: 'stderr', time: stamp(index) });
    }).join('\n');
  };
  const long = (letters: string): string[] =>
    TIMES.map((seconds) =>
      runnerLine(at(seconds), 'lark-1', 'Runner is not finished yet, retrying in 30s', { note: letters }),
    );

  for (const [what, letters] of [
    ['two', 'x'.repeat(20_000)],
    ['three', 'x'.repeat(40_000)],
    ['two, in letters of several bytes', 'ä'.repeat(10_000)],
  ] as const) {
    it(`is joined again out of ${what}`, async () => {
      const between = JSON.stringify({ log: `${LINES[0] ?? ''}\n`, stream: 'stderr', time: stamp(0) });
      const explanation = await explainText(`${long(letters).map(pieces).join('\n')}\n`);
      checkAnswer(explanation);
      const among = await explainText(
        [
          between,
          ...long(letters)
            .slice(1)
            .map((line, index) => pieces(line, index + 1)),
        ].join('\n'),
      );
      checkAnswer(among);
    });
  }

  it('is not looked for in short records without a line end', async () => {
    checkAnswer(await explainText(records((line, index) => ({ log: line, stream: 'stderr', time: stamp(index) }))));
  });
});

describe('a line of the controller is found', () => {
  const inText: [where: string, text: string, unknown?: number][] = [
    ['with Windows line ends', each((line) => `${line}\r`)],
    ['behind the pod that kubectl logs --prefix names', each((line) => `[pod/arc-x/manager] ${line}`)],
    ['behind the pod and container of stern', each((line) => `arc-x manager ${line}`)],
    [
      'behind those of stern in colours, between its headings',
      `+ arc-x › manager\n${each((line) => `\u001b[31marc-x\u001b[0m \u001b[32mmanager\u001b[0m ${line}`)}- arc-x › manager\n`,
    ],
    [
      'among the lines of other containers',
      each((line) => `[pod/arc-x/proxy] [2026-03-02T12:00:00Z] "GET / HTTP/1.1" 200\n[pod/arc-x/manager] ${line}`),
      3,
    ],
    ['in a log of the container runtime', each((line, index) => `${stamp(index)} stderr F ${line}`)],
    [
      'cut in two by the container runtime',
      each(
        (line, index) => `${stamp(index)} stderr P ${line.slice(0, 50)}\n${stamp(index)} stderr F ${line.slice(50)}`,
      ),
    ],
    ['behind a host and a service of journald', each((line) => `Mar 02 12:00:00 node-1 manager[12]: ${line}`)],
    ['with a time of journald in a zone', each((line) => `2026-03-02T14:00:00+0200 node-1 manager[12]: ${line}`)],
    ['behind the head of RFC 5424', each((line, index) => `<14>1 ${stamp(index)} node-1 manager 12 - - ${line}`)],
    ['behind the labels of logcli', each((line, index) => `${stamp(index)} {app="arc"} ${line}`)],
    [
      'behind the stream of aws logs tail',
      each((line, index) => `${stamp(index).replace('Z', '000+00:00')} kube/arc/manager ${line}`),
    ],
    ['in the text of aws logs', each((line, index) => `EVENTS\t${milliseconds(index)}\t${line}\t1772442009000`)],
    ['behind a number of grep', each((line, index) => `${index}:${line}`)],
    ['behind a file of grep', each((line) => `controller.log:${line}`)],
    ['in the fence of an issue', `### Controller\n\n\`\`\`shell\n${LINES.join('\n')}\n\`\`\`\n`],
    ['quoted in an answer', each((line) => `> ${line}`)],
    [
      'in a cell of comma-separated values',
      `date,host,content\n${each((line, index) => `"${stamp(index)}","node-1","${line.replaceAll('"', '""')}"`)}`,
      1,
    ],
    ['as JSON texts', each((line) => JSON.stringify(line))],
    ['in an array of JSON texts', JSON.stringify(LINES, null, 2)],
  ];
  for (const [where, text, unknown] of inText) {
    it(where, async () => checkAnswer(await explainText(text), unknown));
  }

  const stored: [where: string, text: string][] = [
    ['Docker', records((line, index) => ({ log: `${line}\n`, stream: 'stderr', time: stamp(index) }))],
    ['stern as JSON', records((line) => ({ message: line, nodeName: 'node-1', podName: 'arc-x' }))],
    ['fluent-bit', records((line, index) => ({ date: milliseconds(index) / 1000, log: line, kubernetes: {} }))],
    ['fluentd', records((line, index) => ({ '@timestamp': stamp(index), log: line, stream: 'stderr' }))],
    ['Vector', records((line, index) => ({ file: '/var/log/x', message: line, timestamp: stamp(index) }))],
    ['a collector that has a level', records((line, index) => ({ level: 'info', ts: stamp(index), message: line }))],
    ['Elasticsearch', records((line, index) => ({ _source: { '@timestamp': stamp(index), message: line } }))],
    [
      "Elasticsearch's answer",
      JSON.stringify({
        took: 1,
        hits: { hits: LINES.map((message, index) => ({ _source: { '@timestamp': stamp(index), message } })) },
      }),
    ],
    ['Datadog', records((line, index) => ({ content: { timestamp: stamp(index), message: line } }))],
    [
      "Datadog's answer",
      JSON.stringify(
        { data: LINES.map((message, index) => ({ attributes: { timestamp: stamp(index), message } })), meta: {} },
        null,
        1,
      ),
    ],
    ['Splunk', records((line, index) => ({ preview: false, result: { _raw: line, _time: stamp(index) } }))],
    ["Splunk's answer", JSON.stringify({ results: LINES.map((line, index) => ({ _raw: line, _time: stamp(index) })) })],
    [
      'Splunk around Docker',
      records((line, index) => ({
        _raw: JSON.stringify({ log: `${line}\n`, time: stamp(index) }),
        _time: stamp(index),
      })),
    ],
    ['Cloud Logging', records((line, index) => ({ textPayload: line, timestamp: stamp(index) }))],
    [
      'Cloud Logging with the line inside its payload',
      records((line, index) => ({ jsonPayload: { message: line }, timestamp: stamp(index) })),
    ],
    [
      'Cloud Logging as YAML',
      each((line, index) => `---\ninsertId: a\ntextPayload: ${JSON.stringify(line)}\ntimestamp: '${stamp(index)}'`),
    ],
    ['Azure Monitor', records((line, index) => ({ TimeGenerated: stamp(index), LogMessage: line }))],
    ['journald', records((line, index) => ({ __REALTIME_TIMESTAMP: `${milliseconds(index)}000`, MESSAGE: line }))],
    ["Grafana's download", records((line, index) => ({ line, timestamp: `${milliseconds(index)}000000` }))],
    [
      'OpenTelemetry',
      records((line, index) => ({
        resourceLogs: [
          {
            scopeLogs: [
              { logRecords: [{ timeUnixNano: `${milliseconds(index)}000000`, body: { stringValue: line } }] },
            ],
          },
        ],
      })),
    ],
    [
      'CloudWatch Logs Insights',
      JSON.stringify({
        results: LINES.map((value, index) => [
          { field: '@timestamp', value: stamp(index).replace('T', ' ').replace('Z', '') },
          { field: '@message', value },
        ]),
      }),
    ],
    [
      'CloudWatch around fluent-bit',
      JSON.stringify({
        events: LINES.map((log, index) => ({
          ...{ timestamp: milliseconds(index), ingestionTime: 1772442009000 },
          message: JSON.stringify({ log, stream: 'stderr' }),
        })),
      }),
    ],
    ['JSON over several lines', JSON_LINES.map((line) => JSON.stringify(line, null, 2)).join('\n')],
    ['an array of JSON', JSON.stringify(JSON_LINES)],
    ['a collector of JSON', records((_line, index) => ({ message: JSON.stringify(JSON_LINES[index]) }))],
    ['a payload of JSON', records((_line, index) => ({ jsonPayload: JSON_LINES[index], timestamp: stamp(index) }))],
    [
      'a collector that takes the time and the level out of JSON',
      records((_line, index) => {
        const { ts: _ts, severity, ...payload } = JSON_LINES[index] as (typeof JSON_LINES)[number];
        return { severity, timestamp: stamp(index), jsonPayload: payload };
      }),
    ],
    [
      'a collector that takes the message out of JSON',
      records((_line, index) => {
        const { message, ...attributes } = JSON_LINES[index] as (typeof JSON_LINES)[number];
        return { attributes: { timestamp: stamp(index), message, attributes } };
      }),
    ],
  ];
  for (const [what, text] of stored) it(`in a record of ${what}`, async () => checkAnswer(await explainText(text)));

  it('in UTF-16 without a mark', async () => {
    checkAnswer(
      await explainText(
        Buffer.from(
          each((line) => `${line}\r`),
          'utf16le',
        ),
      ),
    );
  });
});

describe("a record's time", () => {
  it('counts where it is finer than that of the line', async () => {
    const { reading } = await explainText(records((line, index) => ({ message: line, timestamp: stamp(index) })));
    assert.deepEqual(reading.first?.at, { us: milliseconds(0) * 1000, withinUs: 999 });
  });

  it('does not count where it tells when the line was stored', async () => {
    const { reading } = await explainText(records((line) => ({ message: line, timestamp: at(300) })));
    assert.equal(reading.first?.at.withinUs, 999_999);
    const late = records((line) => ({ message: line, timestamp: `${at(300).replace('Z', '')}.5Z` }));
    assert.equal((await explainText(late)).reading.first?.at.us, Date.parse(at(0)) * 1000);
  });
});

describe('what is wrapped in other objects', () => {
  it('is no line where a pod quotes one', async () => {
    const pod = {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'lark-1', namespace: 'ci' } },
      status: { containerStatuses: [{ name: 'runner', lastState: { terminated: { message: LINES[0] } } }] },
    };
    for (const text of [
      JSON.stringify(pod),
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod] }, null, 2),
    ]) {
      const { reading, files } = await explainText(text);
      assert.equal(reading.first, undefined);
      assert.equal(files[0]?.format, 'Kubernetes objects');
    }
  });

  it('is listed as unknown where it is no line that is known', async () => {
    const { files } = await explainText(`${LINES[0]}\n{"timestamp":"${at(0)}","message":"hello"}\n{"a":{"b":1}}\n`);
    assert.equal(files[0]?.unknown, 2);
  });
});
