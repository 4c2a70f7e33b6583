import assert from 'node:assert/strict';
import { at, createdLine, explainInputs, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';

const start = (seconds: number): string => `${at(seconds)}\tINFO\tstarting manager\t{"version": "0.14.2"}`;
const pod = (seconds: number, name: string): string[] => [
  createdLine(at(seconds), name),
  runnerLine(at(seconds), name, 'Creating ephemeral runner JIT config'),
  runnerLine(at(seconds), name, 'Created ephemeral runner JIT config', { runnerId: 1 }),
  runnerLine(at(seconds), name, 'Created ephemeral runner pod', { podName: name }),
];
const STACK = [
  '[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x1a2b3c4]',
  '',
  'goroutine 412 [running]:',
  'github.com/actions/actions-runner-controller/controllers/actions%2egithub%2ecom.(*EphemeralRunnerReconciler).createPod(0xc0005a4000, {0x2a1b3c8, 0xc0012b4060})',
  '\t/workspace/controllers/actions.github.com/ephemeralrunner_controller.go:702 +0x1a5',
  'rax    0x0',
  'created by sigs.k8s.io/controller-runtime/pkg/internal/controller.(*Controller).Start.func2 in goroutine 77',
  'exit status 2',
];
const NIL = 'panic: runtime error: invalid memory address or nil pointer dereference';

describe('a log that ends with a crash', () => {
  for (const [first, says, advice] of [
    [NIL, 'invalid memory address or nil pointer dereference', /search for these words .* from line 7 on/],
    [`${NIL} [recovered]`, 'invalid memory address or nil pointer dereference', /--previous/],
    ['fatal error: concurrent map writes', 'concurrent map writes', /bug of its release/],
    ['fatal error: runtime: out of memory', 'out of memory', /raise resources\.limits\.memory/],
    ['SIGQUIT: quit', 'SIGQUIT: quit', /by a signal/],
  ] as const) {
    it(`says that the controller crashed, when, and what to do: ${first}`, async () => {
      const lines = [start(0), workersLine(at(1), 2), ...pod(2, 'r1'), first, ...STACK];
      const { verdict, findings, files } = await explainText(lines.join('\n'));
      assert.equal(verdict, `The controller crashed at 12:00:02: ${says}.`);
      assert.equal(findings.length, 1);
      assert.match(findings[0]?.details.join(' ') ?? '', /^The log ends with it\./);
      assert.match(findings[0]?.advice ?? '', advice);
      assert.deepEqual(files[0]?.unknownLines, []);
    });
  }

  it('is one finding where the handler of panics has written the words before', async () => {
    const handler = `E0302 12:00:02.412345       1 runtime.go:79] Observed a panic: runtime error: invalid memory address or nil pointer dereference`;
    const { findings } = await explainText([start(0), ...pod(2, 'r1'), handler, NIL, ...STACK].join('\n'));
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['crashed'],
    );
  });

  it('says from when to when nobody worked where the controller starts again', async () => {
    const lines = [start(0), ...pod(2, 'r1'), NIL, ...STACK, start(40), workersLine(at(50), 2), ...pod(51, 'r2')];
    const { findings } = await explainText(lines.join('\n'));
    assert.deepEqual(
      findings.map(({ sentence, details }) => [sentence, ...details]),
      [
        [
          'The controller crashed at 12:00:02: invalid memory address or nil pointer dereference.',
          'No controller worked from 12:00:02 to 12:00:50, for 48 s.',
        ],
      ],
    );
  });

  it("of a listener is the listener's", async () => {
    const listener = [
      `time=2026-03-02T12:00:01.000Z level=INFO msg="Getting next message" component=listener lastMessageID=0`,
      'panic: close of closed channel',
      ...STACK.slice(1),
    ];
    const { findings } = await explainInputs({ 'listener.log': listener, 'controller.log': pod(2, 'r1') });
    assert.deepEqual(
      findings.map(({ sentence }) => sentence),
      ['The listener crashed at 12:00:01: close of closed channel.'],
    );
  });
});

describe('a file with nothing but what kubectl said as it failed', () => {
  for (const [line, says] of [
    [
      'Error from server (NotFound): deployments.apps "arc" not found',
      /has only an error of kubectl: deployments\.apps "arc" not found; check the name, --namespace/,
    ],
    ['error: You must be logged in to the server (Unauthorized)', /error of kubectl: You must be .*; log in/],
    ['Error from server (Forbidden): pods is forbidden: User "x" cannot list resource "pods"', /ask for the right/],
    [
      'Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout',
      /error of kubectl: dial tcp .*; check --context/,
    ],
    [
      'Error from server (BadRequest): container "manager" in pod "arc-1" is waiting to start: trying and failing to pull image',
      /has no log: container manager of pod arc-1 has not started: trying and failing to pull image; read kubectl describe pod arc-1/,
    ],
    [
      'Error from server (BadRequest): previous terminated container "manager" in pod "arc-1" not found',
      /has not been restarted, so leave out --previous/,
    ],
  ] as const) {
    it(line, async () => {
      await assert.rejects(explainText(line), ({ message }: Error) => says.test(message));
    });
  }
});
