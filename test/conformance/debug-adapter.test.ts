import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { ArcDebugSession } from '../../src/debug-adapter/adapter.ts';
import { speak } from '../../src/debug-adapter/speak.ts';
import { SourceFiles } from '../../src/debug/source-files.ts';
import { simulate } from '../../src/run/embedded-run.ts';
import { RunSession } from '../../src/run/session.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';
import { traceLines } from '../../src/trace/jsonl.ts';

const ADAPTER = fileURLToPath(new URL('../builders/debug-adapter-process.ts', import.meta.url));
const LOG = new URL('../unit/evidence/logs/jobs-3-new.controller.log.gz', import.meta.url);
const CREATE_POD = 'reconciler/create-pod.ts';
const sources = new SourceFiles(new URL('../../src/debug/x.ts', import.meta.url).href);

const INITIALIZE = { adapterID: 'arc-reconciler', linesStartAt1: true, columnsStartAt1: true, pathFormat: 'path' };

/** Line of a source file on which a text is. */
function lineWith(file: string, text: string): number {
  const index = sources.linesOf(file).findIndex((line) => line.includes(text));
  assert.ok(index >= 0, `${file} has no line with ${text}`);
  return index + 1;
}

describe('the debug adapter, with a client of the protocol', () => {
  let client: DebugClient;
  let server: Server;
  let folder: string;
  /** A session that can be attached to. */
  let running: RunSession | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'arc-debug-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  beforeEach(async () => {
    server = createServer((socket) => {
      const session = new ArcDebugSession({
        traceOf: () => undefined,
        targetOf: () => running?.debugTarget ?? 'Nothing runs here.',
        stands: () => undefined,
      });
      void speak(session, socket, socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = new DebugClient(process.execPath, ADAPTER, 'arc-reconciler');
    await client.start((server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await client.stop();
    server.close();
  });

  /** Launches with breakpoints and gives where it stops. */
  async function launch(
    fields: Readonly<Record<string, unknown>>,
    functions: readonly DebugProtocol.FunctionBreakpoint[] = [],
    lines: readonly DebugProtocol.SourceBreakpoint[] = [],
  ): Promise<DebugProtocol.StoppedEvent['body']> {
    const initialized = client.waitForEvent('initialized');
    await client.initializeRequest();
    await client.launchRequest(fields);
    await initialized;
    if (functions.length > 0) await client.setFunctionBreakpointsRequest({ breakpoints: [...functions] });
    if (lines.length > 0) {
      const source = { path: sources.pathOf(CREATE_POD) };
      const { body } = await client.setBreakpointsRequest({ source, breakpoints: [...lines] });
      assert.ok(
        body.breakpoints.every(({ verified }) => verified),
        JSON.stringify(body.breakpoints),
      );
    }
    await client.setExceptionBreakpointsRequest({ filters: [] });
    const stopped = client.waitForEvent('stopped');
    await client.configurationDoneRequest();
    return (await stopped).body as DebugProtocol.StoppedEvent['body'];
  }

  async function stackOf(threadId: number | undefined): Promise<readonly DebugProtocol.StackFrame[]> {
    return (await client.stackTraceRequest({ threadId: threadId ?? 0 })).body.stackFrames;
  }

  async function scope(threadId: number | undefined, name: string): Promise<DebugProtocol.Scope> {
    const [frame] = await stackOf(threadId);
    const { scopes } = (await client.scopesRequest({ frameId: frame?.id ?? 0 })).body;
    const found = scopes.find((each) => each.name === name);
    assert.ok(found !== undefined, `no scope ${name} among ${scopes.map((each) => each.name).join(', ')}`);
    return found;
  }

  async function fieldsOf(threadId: number | undefined, name: string): Promise<Readonly<Record<string, string>>> {
    const { variablesReference } = await scope(threadId, name);
    const { variables } = (await client.variablesRequest({ variablesReference })).body;
    return Object.fromEntries(variables.map((each) => [each.name, each.value]));
  }

  /** Sends a request that moves, and gives where it stops. */
  async function move(send: () => Promise<unknown>): Promise<DebugProtocol.StoppedEvent['body']> {
    const stopped = client.waitForEvent('stopped');
    await send();
    return (await stopped).body as DebugProtocol.StoppedEvent['body'];
  }

  it('stops at a breakpoint on a line, with the functions and lines of the reconciler as its stack', async () => {
    const line = lineWith(CREATE_POD, 'create(Pods');
    const { threadId, reason } = await launch({ mode: 'new', runners: 3, seed: 7 }, [], [{ line }]);
    assert.equal(reason, 'breakpoint');
    const stack = await stackOf(threadId);
    assert.match(stack[0]?.name ?? '', /^createPod: create pods runner-\d$/);
    assert.deepEqual(
      stack.slice(0, 2).map((frame) => [frame.source?.path, frame.line]),
      [
        [sources.pathOf(CREATE_POD), line],
        [sources.pathOf('reconciler/reconcile.ts'), lineWith('reconciler/reconcile.ts', 'yield* createPod')],
      ],
    );
    assert.match(stack.at(-1)?.name ?? '', /^controller /);
  });

  it('turns the answer into a refusal, goes on in that future, steps back, and takes the other', async () => {
    const { threadId } = await launch({ mode: 'new', runners: 2 }, [{ name: 'create pods' }]);
    assert.equal((await fieldsOf(threadId, 'Answer'))['status'], '201');
    const { variablesReference } = await scope(threadId, 'Answer');
    await client.setVariableRequest({ variablesReference, name: 'status', value: '409' });
    assert.equal((await fieldsOf(threadId, 'Answer'))['status'], '409');
    const ids = { threadId: threadId ?? 0 };
    await move(() => client.nextRequest(ids));
    const end = await move(() => client.stepOutRequest(ids));
    assert.match(end.description ?? '', /ends: error, answered with 409 in the debugger$/);
    await move(() => client.reverseContinueRequest(ids));
    assert.equal((await fieldsOf(threadId, 'Answer'))['status'], '409', 'back where the answer was changed');
    await move(() => client.evaluateRequest({ expression: 'future 0', context: 'repl' }));
    assert.equal((await fieldsOf(threadId, 'Answer'))['status'], '201', 'the first future is as it was');
    const well = await move(() => client.stepOutRequest(ids));
    assert.match(well.description ?? '', /ends: done$/);
  });

  it('refuses to set what was shown at an earlier stop, and changes nothing with it', async () => {
    const { threadId } = await launch({ mode: 'new', runners: 2 }, [{ name: 'create *' }]);
    const { variablesReference } = await scope(threadId, 'Answer');
    await move(() => client.continueRequest({ threadId: threadId ?? 0 }));
    const now = await scope(threadId, 'Answer');
    const set = client.setVariableRequest({ variablesReference, name: 'status', value: '409' });
    await assert.rejects(set, /^Error: These variables are of an earlier stop.*choose them again/);
    assert.notEqual(now.variablesReference, variablesReference, 'one reference means two answers');
    assert.equal((await fieldsOf(threadId, 'Answer'))['status'], '201', 'the answer of another stop was changed');
    const { description } = (await client.dataBreakpointInfoRequest({ variablesReference, name: 'status' })).body;
    assert.match(description, /^These variables are of an earlier stop/);
  });

  it('shows variables at the end of a pass, whose last place is a line of the reconciler', async () => {
    const { threadId } = await launch({ mode: 'new', runners: 2 }, [{ name: 'createPod' }]);
    await move(() => client.stepOutRequest({ threadId: threadId ?? 0 }));
    const [frame] = await stackOf(threadId);
    assert.match(frame?.name ?? '', /^reconcileEphemeralRunner: pass of arc-runners\/runner-\d ends: done$/);
    assert.deepEqual(
      [frame?.source?.path, frame?.line],
      [sources.pathOf('reconciler/reconcile.ts'), lineWith('reconciler/reconcile.ts', 'yield* createPod')],
      'editors show variables of frames with a source only',
    );
    assert.match(Object.keys(await fieldsOf(threadId, 'Runner')).join(' '), /metadata.*status/);
  });

  it('stands where a pass failed when it ends with an error', async () => {
    const { threadId } = await launch({ mode: 'new', runners: 1, fail: 'create pods 500 1' });
    assert.ok(threadId !== undefined);
    await client.setExceptionBreakpointsRequest({ filters: ['error'] });
    const { description } = await move(() => client.reverseContinueRequest({ threadId }));
    assert.equal((await stackOf(threadId))[0]?.source?.path, sources.pathOf(CREATE_POD));
    assert.match(
      description ?? '',
      /^pass of arc-runners\/runner-1 ends: error, .*this fault was asked for in the lab/,
    );
    const result = await fieldsOf(threadId, 'Result');
    assert.equal(result['result'], '"error"');
    assert.match(result['error'] ?? '', /this fault was asked for in the lab/);
    assert.match(result['next'] ?? '', /^"in \d.* (?:ms|s), for .*"$/);
  });

  it('steps out to the end of a pass, and says what it returned', async () => {
    const { threadId } = await launch({ mode: 'old', runners: 1, stopOnEntry: true });
    const ids = { threadId: threadId ?? 0 };
    const { description } = await move(() => client.stepOutRequest(ids));
    const returned = /^pass of arc-runners\/runner-1 ends: (done|requeue|requeue after .+)$/.exec(
      description ?? '',
    )?.[1];
    assert.ok(returned !== undefined, description);
    const result = await fieldsOf(threadId, 'Result');
    assert.equal(result['result'], JSON.stringify(returned.replace(/ after .+/, '-after')));
    assert.equal(result['requests'], '1');
    assert.match(result['next'] ?? '', returned === 'done' ? /nothing|as soon as|in / : /^"in /);
  });

  it('shows of each worker its own pass, and lets the answer be changed only where it stands', async () => {
    const { threadId } = await launch({ mode: 'new', runners: 3, workers: 2 }, [{ name: 'create pods' }]);
    const { threads } = (await client.threadsRequest()).body;
    const other = threads.find(({ id }) => id !== threadId)?.id;
    assert.equal(threads.length, 2);
    const [frame] = await stackOf(other);
    const { result } = (await client.evaluateRequest({ expression: 'pass.name', frameId: frame?.id ?? 0 })).body;
    const position = await fieldsOf(other, 'Trace position');
    assert.notEqual(result, (await client.evaluateRequest({ expression: 'pass.name' })).body.result);
    assert.notEqual(position['pass'], (await fieldsOf(threadId, 'Trace position'))['pass']);
    const runner = await scope(other, 'Runner');
    const { variables } = (await client.variablesRequest({ variablesReference: runner.variablesReference })).body;
    assert.ok(variables.find(({ name }) => name === 'metadata')?.value.includes(JSON.parse(result) as string));
    const { variablesReference } = await scope(other, 'Answer');
    await assert.rejects(
      client.setVariableRequest({ variablesReference, name: 'status', value: '409' }),
      /^Error: Only the answer to a request can be changed/,
    );
  });

  it('shows no credential in any scope, evaluated value or log point', async () => {
    const { threadId } = await launch({ mode: 'new', runners: 1 }, [
      { name: '* *', logMessage: '{request} {answer} {runner} {secret}' } as DebugProtocol.FunctionBreakpoint,
      { name: 'createPod' },
    ]);
    const texts: string[] = [];
    client.on('output', (event: DebugProtocol.OutputEvent) => texts.push(event.body.output));
    const read = async (variablesReference: number): Promise<void> => {
      const { variables } = (await client.variablesRequest({ variablesReference })).body;
      for (const variable of variables) {
        texts.push(`${variable.name}=${variable.value}`);
        if (variable.variablesReference > 0) await read(variable.variablesReference);
      }
    };
    const [frame] = await stackOf(threadId);
    for (const each of (await client.scopesRequest({ frameId: frame?.id ?? 0 })).body.scopes) {
      await read(each.variablesReference);
    }
    for (const expression of ['runner.status.runnerJITConfig', 'secret', 'answer']) {
      texts.push((await client.evaluateRequest({ expression })).body.result);
    }
    assert.ok(texts.some((text) => text.includes('[redacted]')));
    for (const text of texts) assert.doesNotMatch(text, /ghs_\w+|eyJ\w+|[A-Za-z0-9+/]{60,}/, 'a credential is shown');
  });

  it('goes backwards to the write that set a field', async () => {
    const { threadId } = await launch({ mode: 'new', runners: 2 }, [{ name: 'createPod' }]);
    const { variablesReference } = await scope(threadId, 'Runner');
    const { variables } = (await client.variablesRequest({ variablesReference })).body;
    const status = variables.find(({ name }) => name === 'status')?.variablesReference ?? 0;
    const info = (await client.dataBreakpointInfoRequest({ variablesReference: status, name: 'runnerId' })).body;
    assert.ok(info.dataId !== null, info.description);
    await client.setFunctionBreakpointsRequest({ breakpoints: [] });
    await client.setDataBreakpointsRequest({ breakpoints: [{ dataId: info.dataId }] });
    const { description } = await move(() => client.reverseContinueRequest({ threadId: threadId ?? 0 }));
    assert.match(description ?? '', /^patch ephemeralrunners\/status runner-\d$/);
  });

  it('debugs the whole chain: a set before it makes a runner for a job', async () => {
    const { threadId } = await launch({ mode: 'latest', jobs: '2 at once', maxRunners: 5, seed: 3 }, [
      { name: 'create ephemeralrunners' },
    ]);
    const stack = await stackOf(threadId);
    assert.match(stack[0]?.source?.path ?? '', /runner-set/);
    assert.match(stack.at(-1)?.name ?? '', /^controller ephemeralrunnerset$/i);
    assert.match(Object.keys(await fieldsOf(threadId, 'Set')).join(' '), /metadata.*spec/);
  });

  it('shows where the caches are behind of all that a pass asks about, also of a scale set and its listener', async () => {
    const { threadId } = await launch({ mode: '0.14.2', jobs: '1 at once' }, [
      { name: 'create autoscalinglisteners 409' },
    ]);
    const differences = Object.entries(await fieldsOf(threadId, 'Cache against truth'));
    const listener = differences.find(([name]) => name.startsWith('AutoscalingListener lab-'));
    assert.match(listener?.[1] ?? '', /"cache":"not there"/, JSON.stringify(differences));
    const made = await launch({ mode: 'new', runners: 1 }, [{ name: 'create pods' }]);
    // Secrets are asked for, and not cached.
    assert.ok(!('secret' in (await fieldsOf(made.threadId, 'Cache against truth'))));
  });

  it('stops in a listener, which is a thread of its own, and gives its poll another answer', async () => {
    const { threadId = 0, description } = await launch({ mode: '0.12.1', jobs: '1 at once' }, [
      { name: 'post acquire-jobs' },
      { name: 'get get-message' },
    ]);
    assert.equal(description, 'get get-message lab');
    const { threads } = (await client.threadsRequest()).body;
    assert.equal(threads.find(({ id }) => id === threadId)?.name, 'listener');
    const stack = await stackOf(threadId);
    assert.ok(stack.some(({ source }) => source?.path === sources.pathOf('listener/program.ts')));
    assert.match(stack.at(-1)?.name ?? '', /^listener in pod \S+\/lab-\S+-listener$/);
    const { variablesReference } = await scope(threadId, 'Answer');
    await client.setVariableRequest({ variablesReference, name: 'status', value: '500' });
    assert.equal((await fieldsOf(threadId, 'Answer'))['status'], '500');
    await client.evaluateRequest({ expression: 'future 0', context: 'repl' });
    const evicted = await client.evaluateRequest({ expression: 'evict runner-9', context: 'repl' });
    assert.match(evicted.body.result, /^No runner is called runner-9 at this moment/);
    const acquired = await move(() => client.continueRequest({ threadId }));
    assert.match(acquired.description ?? '', /^post acquire-jobs/);
    const next = await move(() => client.nextRequest({ threadId }));
    assert.equal(next.threadId, threadId, 'a step stays in the listener');
  });

  it('steps both ways through a saved trace, and says why nothing in it can be changed', async () => {
    const { trace, originUs } = simulate({ ...DEFAULT_SETTINGS, mode: 'old', runners: 3 });
    const file = join(folder, 'run.arctrace.jsonl');
    await writeFile(file, [...traceLines(trace, trace.endedUs, originUs)].join(''));
    const { threadId, reason } = await launch({ trace: file }, [
      { name: 'create pods', condition: 'pass.name == "runner-2"' },
    ]);
    assert.equal(reason, 'breakpoint');
    const ids = { threadId: threadId ?? 0 };
    const stack = await stackOf(threadId);
    assert.match(stack[0]?.name ?? '', /^createPod: create pods runner-2$/);
    assert.deepEqual(
      stack.slice(0, 2).map((frame) => [frame.source?.path, frame.line]),
      [
        [sources.pathOf(CREATE_POD), lineWith(CREATE_POD, 'create(Pods')],
        [sources.pathOf('reconciler/reconcile.ts'), lineWith('reconciler/reconcile.ts', 'yield* createPod')],
      ],
      'the source of the release that the trace is of',
    );
    assert.equal((await fieldsOf(threadId, 'Answer'))['status'], '201');
    const next = await move(() => client.nextRequest(ids));
    const back = await move(() => client.stepBackRequest(ids));
    assert.notEqual(next.description, back.description);
    assert.match(back.description ?? '', /^create pods/);
    const { variablesReference } = await scope(threadId, 'Answer');
    await assert.rejects(
      client.setVariableRequest({ variablesReference, name: 'status', value: '409' }),
      /^Error: This trace shows what happened, not what was answered: stepping works, editing needs a simulated run\.$/,
    );
    await assert.rejects(
      client.evaluateRequest({ expression: 'evict runner-2', context: 'repl' }),
      /This trace shows what happened, not what was answered/,
    );
    assert.ok(!('value' in (await fieldsOf(threadId, 'Answer'))), 'no trace has what was answered');
    await client.setFunctionBreakpointsRequest({ breakpoints: [] });
    await client.setExceptionBreakpointsRequest({ filters: ['requeue'] });
    const requeue = await move(() => client.reverseContinueRequest(ids));
    assert.equal(requeue.reason, 'exception');
    assert.match(requeue.description ?? '', /ends: requeue$/);
  });

  it("replays a controller's log: passes and lines, with the log's own lines as the place where it stands", async () => {
    const file = join(folder, 'controller.log');
    await writeFile(file, gunzipSync(await readFile(LOG)));
    const initialized = client.waitForEvent('initialized');
    await client.initializeRequest();
    await client.launchRequest({ trace: file } as DebugProtocol.LaunchRequestArguments);
    await initialized;
    const written = (await readFile(file, 'utf8')).split('\n');
    const line = written.findIndex((text) => text.includes('Created ephemeral runner JIT config')) + 1;
    const set = await client.setBreakpointsRequest({ source: { path: file }, breakpoints: [{ line }] });
    assert.ok(set.body.breakpoints[0]?.verified, JSON.stringify(set.body));
    const { threadId } = await move(() => client.configurationDoneRequest());
    const [frame] = await stackOf(threadId);
    assert.deepEqual([frame?.source?.path, frame?.line], [file, line]);
    assert.match(frame?.name ?? '', /^log "Created ephemeral runner JIT config"$/);
    await move(() => client.nextRequest({ threadId: threadId ?? 0 }));
    await move(() => client.stepBackRequest({ threadId: threadId ?? 0 }));
    assert.equal((await stackOf(threadId))[0]?.line, line);
    await client.setBreakpointsRequest({ source: { path: file }, breakpoints: [] });
    await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'createPod' }] });
    const within = await move(() => client.continueRequest({ threadId: threadId ?? 0 }));
    const [ofLog, ofSource] = await stackOf(within.threadId);
    assert.equal(ofLog?.source?.path, file);
    assert.deepEqual([ofSource?.name, ofSource?.source?.path], ['createPod', sources.pathOf(CREATE_POD)]);
  });

  it('says of a replay which breakpoints can never stop in it, whenever they were set, and what it does not tell', async () => {
    const file = join(folder, 'never.log');
    await writeFile(file, gunzipSync(await readFile(LOG)));
    const changed = new Map<number, string>();
    client.on('breakpoint', ({ body: { reason, breakpoint } }: DebugProtocol.BreakpointEvent) => {
      assert.equal(reason, 'changed');
      assert.equal(breakpoint.verified, false);
      changed.set(breakpoint.id ?? 0, breakpoint.message ?? '');
    });
    const initialized = client.waitForEvent('initialized');
    await client.initializeRequest();
    const launched = client.launchRequest({ trace: file, stopOnEntry: true } as DebugProtocol.LaunchRequestArguments);
    await initialized;
    const named = [
      { name: 'createPod' },
      { name: 'create pods', condition: 'runner.spec.githubConfigUrl != ""' },
      { name: 'create pods', condition: 'pass.name != "x"' },
      { name: 'phase adopt' },
    ];
    const early = (await client.setFunctionBreakpointsRequest({ breakpoints: named })).body.breakpoints;
    await launched;
    const filters = ['error', 'stale', 'invariant', 'requeue'];
    await client.setExceptionBreakpointsRequest({ filters });
    const { threadId } = await move(() => client.configurationDoneRequest());
    const says = early.map(({ id = 0, verified, message = '' }) => changed.get(id) ?? (verified ? '' : message));
    assert.equal(says[0], '');
    assert.match(says[1] ?? '', /^Nothing in this log meets it\. Of objects it tells name and status at most/);
    assert.equal(says[2], '');
    const lines = [{ line: 1 }, { line: 1_000_000 }];
    const ofLog = (await client.setBreakpointsRequest({ source: { path: file }, breakpoints: lines })).body.breakpoints;
    for (const { verified, message } of ofLog) {
      assert.equal(verified, false);
      assert.match(message ?? '', /^No pass wrote line 10*0? of never\.log; the nearest line of one is \d+\.$/);
    }
    const exceptions = (await client.setExceptionBreakpointsRequest({ filters })).body?.breakpoints ?? [];
    assert.deepEqual(
      exceptions.map(({ verified }) => verified),
      [true, false, false, true],
    );
    assert.match(exceptions[1]?.message ?? '', /^A log does not tell what passes saw/);
    const counts = ['3', '4', '>3', '>=4', '%4', '<9'].map((hitCondition) => ({ name: 'create pods', hitCondition }));
    const counted = (await client.setFunctionBreakpointsRequest({ breakpoints: counts })).body.breakpoints;
    assert.deepEqual(
      counted.map(({ verified }) => verified),
      [true, false, false, false, false, true],
      'three pods are created',
    );
    assert.equal(counted[1]?.message, 'It is met 3 times in this log, fewer times than its hit count asks for.');
    for (const [expression, result] of [
      ['secret', 'the log tells nothing of it here'],
      ['answer', 'nothing is asked of a server here'],
    ] as const) {
      assert.equal((await client.evaluateRequest({ expression })).body.result, result);
    }
    const help = (await client.evaluateRequest({ expression: 'help', context: 'repl' })).body.result;
    assert.match(help, /^Commands: goto MOMENT, goto TIME \[RUNNER\]\. /);
    assert.doesNotMatch(Object.keys(await fieldsOf(threadId, 'Trace position')).join(), /future/);
  });

  it('numbers the workers of a controller in their order, wherever it stops first', async () => {
    for (const [fields, functions] of [
      [{ stopOnEntry: true }, []],
      [{}, [{ name: 'create pods' }]],
      [{}, [{ name: '* 409' }]],
    ] as const) {
      const client2 = await launch({ mode: 'new', runners: 3, workers: 2, ...fields }, functions);
      const { threads } = (await client.threadsRequest()).body;
      assert.deepEqual(
        threads.map(({ id, name }) => [id, name]),
        [
          [1, 'ephemeralrunner, worker 1'],
          [2, 'ephemeralrunner, worker 2'],
        ],
      );
      assert.ok(threads.some(({ id }) => id === client2.threadId));
    }
  });

  it('says what was launched: jobs, an earlier release, workers that a release does not have, a time after the end', async () => {
    for (const [fields, says] of [
      [
        { mode: '0.14.2', jobs: '2 at once' },
        /^Simulated jobs \(2 at once\) in 0\.14\.2 with 2 workers: \d+ moments\./,
      ],
      [{ mode: 'new', upgradeFrom: '0.9.3' }, /moments\. It begins with what 0\.9\.3 has left/],
      [{ mode: '0.9.3', workers: 4 }, /with 1 worker: \d+ moments\. 0\.9\.3 always runs 1 worker\./],
      [{ mode: 'new', at: '1h' }, /^The last pass ends after .+: it stops there\.$/],
    ] as const) {
      const said: string[] = [];
      const hear = ({ body }: DebugProtocol.OutputEvent): void => void said.push(body.output.trim());
      client.on('output', hear);
      await launch({ stopOnEntry: true, ...fields });
      client.off('output', hear);
      assert.ok(
        said.some((each) => says.test(each)),
        said.join('\n'),
      );
    }
  });

  it('stops at a time, of the runner that is named, in a launched run and in a trace', async () => {
    const { threadId } = await launch({ mode: 'new', runners: 3, at: '150ms', runner: 'runner-2' });
    const before = await client.evaluateRequest({ expression: 'pass.name', context: 'watch' });
    assert.equal(before.body.result, '"runner-2"');
    const time = (await fieldsOf(threadId, 'Trace position'))['time'] ?? '';
    assert.match(time, /^"\d+(?:\.\d+)? ms"$/);
    assert.ok(parseFloat(time.slice(1)) <= 150, `${time} is later than what was asked for`);
  });

  it('attaches to a session in real time: stops a pass before its pod is made, steps, looks back, and lets it go on', async () => {
    running = RunSession.embedded(
      { ...DEFAULT_SETTINGS, mode: 'new', runners: 1, podStartUs: 50_000, jobDurationUs: 50_000 },
      {},
    );
    try {
      const initialized = client.waitForEvent('initialized');
      await client.initializeRequest();
      await client.attachRequest({});
      await initialized;
      await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'create pods' }] });
      const stopped = move(() => client.configurationDoneRequest());
      const { threadId, reason } = await stopped;
      assert.equal(reason, 'breakpoint');
      assert.match((await stackOf(threadId))[0]?.name ?? '', /^createPod: create pods runner-1$/);
      assert.equal((await fieldsOf(threadId, 'Answer'))['status'], '"not known"');
      assert.equal(
        [...running.trace.events()].some((event) => event.type === 'object' && event.pod === 'created'),
        false,
      );
      const ids = { threadId: threadId ?? 0 };
      const end = await move(() => client.stepOutRequest(ids));
      assert.match(end.description ?? '', /ends: done$/);
      const back = await move(() => client.reverseContinueRequest(ids));
      assert.match(back.description ?? '', /^create pods/);
      assert.equal((await fieldsOf(threadId, 'Answer'))['status'], '201', 'the answer is known by now');
      const said = client.waitForEvent('output', 10_000);
      await client.disconnectRequest({});
      assert.match(
        ((await said).body as DebugProtocol.OutputEvent['body']).output,
        /^The passes stood still in the debugger for /,
      );
      assert.equal(running.debugTarget.driver.isOpen, false, 'the debugger is still between passes and cluster');
    } finally {
      await running.stop();
      running = undefined;
    }
  });

  it('ends with the session that it is attached to', async () => {
    const session = RunSession.embedded({ ...DEFAULT_SETTINGS, mode: 'new', runners: 1, podStartUs: 50_000 }, {});
    running = session;
    try {
      const initialized = client.waitForEvent('initialized');
      await client.initializeRequest();
      await client.attachRequest({});
      await initialized;
      await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'create pods' }] });
      await move(() => client.configurationDoneRequest());
      const terminated = client.waitForEvent('terminated');
      await session.stop();
      await terminated;
    } finally {
      running = undefined;
      await session.stop();
    }
  });

  it('says in one sentence why there is nothing to attach to', async () => {
    await client.initializeRequest();
    await assert.rejects(client.attachRequest({}), /^Error: Nothing runs here\.$/);
  });

  it('says in one sentence why a file cannot be replayed', async () => {
    await client.initializeRequest();
    const empty = join(folder, 'empty.log');
    await writeFile(empty, 'nothing of a controller\n');
    const wrong = [
      [{ trace: join(folder, 'missing.jsonl') }, /missing\.jsonl cannot be replayed: there is no such file\.$/],
      [{ trace: empty }, /empty\.log cannot be replayed: .*\.$/],
      [{ trace: empty, runners: 3 }, /^Error: "runners" means nothing for a trace, which is replayed as it is/],
      [{ trace: 5 }, /"trace" must be the path of a trace or of a log/],
    ] as const;
    for (const [fields, sentence] of wrong) {
      await assert.rejects(client.launchRequest(fields as unknown as DebugProtocol.LaunchRequestArguments), sentence);
    }
  });

  it('lets the container of a runner end, or its pod be evicted, as its kubelet reports it', async () => {
    const { threadId } = await launch({
      mode: 'latest',
      runners: 2,
      podStart: '1s',
      jobDuration: '1h',
      stopOnEntry: true,
    });
    const tell = async (expression: string, context = 'repl'): Promise<string> =>
      (await client.evaluateRequest({ expression, context })).body.result;
    const go = (where: string): Promise<unknown> => move(() => tell(where));
    await go('goto 10s runner-1');
    assert.equal(await tell('exit 7 runner-1'), 'The container of runner-1 ends with exit code 7 here.');
    assert.match((await fieldsOf(threadId, 'Trace position'))['changes'] ?? '', /^1 item$/);
    await go('goto 12s runner-1');
    assert.equal(await tell('truth.runner.status.phase'), '"Outdated"');
    await go('goto 10s runner-2');
    assert.equal(await tell('evict runner-2'), 'Pod runner-2 is evicted here.');
    const seen = 'runner-2: {truth.pod.status.phase} {truth.pod.status.reason}';
    const said: string[] = [];
    client.on('output', ({ body }: DebugProtocol.OutputEvent) => said.push(body.output));
    await client.setFunctionBreakpointsRequest({
      breakpoints: [{ name: 'delete pods', condition: 'pass.name == "runner-2"', ...{ logMessage: seen } }],
    });
    await move(() => client.continueRequest({ threadId: threadId ?? 0 }));
    assert.ok(said.includes('runner-2: Failed Evicted\n'), said.join(''));
  });

  it('says in one sentence what a launch or a breakpoint cannot be', async () => {
    await client.initializeRequest();
    await assert.rejects(
      client.launchRequest({ mode: 'nwe' } as DebugProtocol.LaunchRequestArguments),
      /unknown mode "nwe"/,
    );
    await assert.rejects(
      client.launchRequest({ runer: 3 } as DebugProtocol.LaunchRequestArguments),
      /Unknown launch argument "runer"\. Did you mean "runners?"\?/,
    );
    for (const [fields, sentence] of [
      [{ jobs: '5 a minute' }, /^Error: Jobs that come for ever need an end: give "horizon"/],
      [
        { throughSet: true, jobDuration: '1s' },
        /^Error: A set replaces runners whose jobs are done, for ever: give "ho/,
      ],
      [{ fail: 'create pod 500' }, /^Error: "fail": no such resource: pod; probably pods is meant\.$/],
      [
        { fail: 'patch ephemeralrunners/status 500' },
        /^Error: "fail": .*; write patch ephemeralrunners, which is for all/,
      ],
      [{ stopOnEntry: 'yes' }, /^Error: "stopOnEntry" must be true or false, not "yes"\.$/],
      [{ throughSet: 'true' }, /^Error: "throughSet" must be true or false/],
      [{ virtual: 'no' }, /^Error: "virtual" must be true or false/],
      [{ maxRunners: 3 }, /^Error: "maxRunners" is of a scale set with jobs: give "jobs" too/],
      [{ section: 2 }, /^Error: "section" is of a file with several traces/],
      [{ jobs: '3 at once', runners: 3 }, /^Error: The runners of "jobs" come when jobs do/],
      [{ runner: '' }, /^Error: "runner" must be the name of a runner/],
      [{ trace: 'x.log', secton: 1 }, /^Error: Unknown launch argument "secton"\. Did you mean "section"\?$/],
    ] as const) {
      await assert.rejects(client.launchRequest(fields as unknown as DebugProtocol.LaunchRequestArguments), sentence);
    }
    await assert.rejects(
      client.attachRequest({ sesion: 'x' } as never),
      /Unknown launch argument "sesion"\. Did you mean/,
    );
    const good = [
      'phase register',
      'phase create-role',
      'delete runner-1',
      'delete delete-runner',
      '* pods 4xx',
      'patch pods/status',
    ];
    const wrong = [
      ['createPdo', /did you mean createPod/],
      ['frob pods', /No request is called "frob": there are get, list/],
      ['create pdos', /^No resource is called "pdos"; did you mean pods\?$/],
      ['patch ephemeralrunner/status', /^No resource is called "ephemeralrunner"; did you mean ephemeralrunners\?$/],
      ['patch pods/statuz', /^pods have no part "statuz"; did you mean status\?$/],
      ['post generatejitconfg', /^No resource is called "generatejitconfg"; did you mean generatejitconfig\?$/],
      ['delete delete-runer', /; did you mean delete-runner\?$/],
      ['phase registr', /^No phase is called "registr"; did you mean register\?$/],
      ['phase nosuch', /^No phase is called "nosuch": there are .*register/],
      ['phase', /^No phase is called "": there are/],
      ['* 777', /No answer has the status 777/],
      ['create pods 999', /No answer has the status 999/],
      ['create pods 40', /No answer has the status 40:/],
    ] as const;
    const named = [...good, ...wrong.map(([name]) => name)].map((name) => ({ name }));
    const answers = (await client.setFunctionBreakpointsRequest({ breakpoints: named })).body.breakpoints;
    assert.deepEqual(
      answers.slice(0, good.length).map(({ verified }) => verified),
      good.map(() => true),
    );
    for (const [index, [name, sentence]] of wrong.entries()) {
      const { verified, message } = answers[good.length + index] ?? {};
      assert.equal(verified, false, name);
      assert.match(message ?? '', sentence);
    }
    const terms = [
      [{ condition: 'runner.' }, /is no CEL expression/],
      [{ condition: 'runer.metadata.name == "a"' }, /nothing is called runer; did you mean runner\?$/],
      [
        { condition: 'runner.metadata.name.startWith("a")' },
        /no function is called startWith; did you mean startsWith\?$/,
      ],
      [{ condition: 'pass.atempt > 1' }, /pass has no atempt; did you mean attempt\?$/],
      [{ condition: '"runner-1"' }, /is no condition: it is never true or false\.$/],
      [{ hitCondition: 'often' }, /A hit count is a number/],
      [{ logMessage: '{pas.name}' }, /nothing is called pas; did you mean pass\?$/],
    ] as const;
    const conditional = terms.map(([each]) => ({ name: 'createPod', ...each }));
    const refused = (await client.setFunctionBreakpointsRequest({ breakpoints: conditional })).body.breakpoints;
    for (const [index, [what, sentence]] of terms.entries()) {
      assert.equal(refused[index]?.verified, false, JSON.stringify(what));
      assert.match(refused[index]?.message ?? '', sentence);
    }
    const data = await client.setDataBreakpointsRequest({
      breakpoints: [{ dataId: 'nonsense' }, { dataId: '["", 5]' }],
    });
    for (const { verified, message } of data.body.breakpoints) {
      assert.equal(verified, false);
      assert.match(message ?? '', /^A data breakpoint is set on a field of an object/);
    }
  });

  it('claims no change of what is not there, and says how a command is written', async () => {
    const { threadId } = await launch({ mode: '0.14.2', runners: 2 }, [{ name: 'create pods' }]);
    const pass = (await client.evaluateRequest({ expression: 'pass.name' })).body.result;
    const here = JSON.parse(pass) as string;
    for (const [command, says] of [
      ['delete runner runner-99', 'No runner is called runner-99 at this moment: there are runner-1, runner-2.'],
      ['evict runner-9', 'No runner is called runner-9 at this moment: there are runner-1, runner-2.'],
      [`evict ${here}`, `${here} has no pod at this moment.`],
      [`delete pod ${here}`, `${here} has no pod at this moment.`],
      ['set jitLatency fast', 'jitLatency takes a duration such as 2s, not fast.'],
      ['set jitLatency -3', 'jitLatency takes a duration such as 2s, not -3.'],
      ['set apiLatency', 'apiLatency takes a duration such as 2s.'],
      ['set foo 3', 'The command is written set jitLatency DURATION, or set apiLatency DURATION.'],
      ['delete runner', 'The command is written delete runner NAME, or delete pod NAME.'],
      ['evict', 'The command is written evict NAME, of a runner.'],
      ['set jitLatency 24h', 'jitLatency is an hour at most, not 24h.'],
      ['set apiLatency 61m', 'apiLatency is an hour at most, not 61m.'],
      ['set jitLatency 1s 2s', 'The command is written set jitLatency DURATION, or set apiLatency DURATION.'],
      ['set jitLatency=2s', 'The command is written set jitLatency DURATION, or set apiLatency DURATION.'],
      [`exit 7 ${here}`, `${here} has no pod at this moment.`],
      ['exit 256 runner-1', 'An exit code is from 0 to 255, not 256.'],
      ['exit runner-1', 'The command is written exit CODE NAME, of a runner.'],
      ['exit 7 runner-9', 'No runner is called runner-9 at this moment: there are runner-1, runner-2.'],
      ['goto 1s runner-9', 'No pass is of a runner called runner-9: there are runner-1, runner-2.'],
      ['future 1', 'There is no other future: change something first.'],
      ['Future 1', 'There is no other future: change something first.'],
      ['goto 10 runner-2', 'goto takes the number of a moment alone; with a runner it takes a time such as 1.5s.'],
    ] as const) {
      const { result } = (await client.evaluateRequest({ expression: command, context: 'repl' })).body;
      assert.equal(result, says);
      const position = await fieldsOf(threadId, 'Trace position');
      assert.equal(position['futures'], '1', `${command} made another future`);
    }
    const { result } = (await client.evaluateRequest({ expression: 'set == null', context: 'repl' })).body;
    assert.match(result, /^(true|false)$/, 'set is also the name of an object');
    assert.equal((await client.evaluateRequest({ expression: 'set==null', context: 'repl' })).body.result, result);
    const { variablesReference } = await scope(threadId, 'Answer');
    await assert.rejects(
      client.setVariableRequest({ variablesReference, name: 'lost', value: 'yes' }),
      /^Error: lost takes true, not yes/,
    );
  });

  it('refuses a request without arguments, and lines and targets that are not there, in one sentence', async () => {
    const { threadId = 0 } = await launch({ mode: '0.14.2', runners: 1 }, [{ name: 'create pods' }]);
    for (const command of ['setBreakpoints', 'gotoTargets', 'setExceptionBreakpoints']) {
      await assert.rejects(client.send(command, undefined), (error: Error) => {
        assert.match(error.message, /^Arguments of \w+ are missing or have another form\.$/);
        return true;
      });
    }
    const of = async (source: DebugProtocol.Source): Promise<string | undefined> =>
      (await client.setBreakpointsRequest({ source, breakpoints: [{ line: 5_000 }] })).body.breakpoints[0]?.message;
    assert.match((await of({ name: 'other.ts' })) ?? '', /and other\.ts is none of them\.$/);
    assert.match((await of({})) ?? '', /and a source without a path is none of them\.$/);
    assert.match(
      (await of({ path: sources.pathOf(CREATE_POD) })) ?? '',
      /none follows line 5000 in this part of the file/,
    );
    await assert.rejects(client.send('evaluate', {}), /^Error: "" is no CEL expression/);
    const before = await fieldsOf(threadId, 'Trace position');
    await assert.rejects(
      client.gotoRequest({ threadId, targetId: 9_999 }),
      /^Error: No target with this id was given;/,
    );
    assert.deepEqual(await fieldsOf(threadId, 'Trace position'), before, 'it stays where it was');
  });

  it('refuses requests that it does not know, and keeps breakpoints where new ones cannot be read', async () => {
    const { threadId = 0 } = await launch({ mode: '0.14.2', runners: 1, stopOnEntry: true }, [{ name: 'create pods' }]);
    for (const command of ['restart', 'setExpression', 'completions', 'source', 'constructor', 'nonsense']) {
      await assert.rejects(client.send(command, {}), { message: `The adapter knows no request "${command}".` });
    }
    for (const expression of [5, null, {}, []]) {
      await assert.rejects(client.send('evaluate', { expression }), /^Error: Arguments of evaluate are missing or/);
    }
    await assert.rejects(client.setVariableRequest({ variablesReference: 1, name: 5 as never, value: '' }));
    await assert.rejects(client.send('scopes', {}), /^Error: Arguments of scopes are missing or/);
    await assert.rejects(client.send('setFunctionBreakpoints', { breakpoints: [{ name: 'get secrets' }, null] }));
    const { text } = await move(() => client.continueRequest({ threadId }));
    assert.equal(text, 'create pods runner-1');
  });

  it('launches one run a session, and is over for good when it was told to end', async () => {
    const { threadId = 0 } = await launch({ mode: '0.14.2', runners: 1, stopOnEntry: true });
    const more = { mode: 'new', runners: 2 } as DebugProtocol.LaunchRequestArguments;
    await assert.rejects(client.launchRequest(more), {
      message: 'A run is debugged already: end this session and begin another.',
    });
    assert.equal((await fieldsOf(threadId, 'Trace position'))['moment'], '0', 'the first goes on');
    let terminated = 0;
    client.on('terminated', () => terminated++);
    for (const time of ['first', 'second']) {
      const answer = await client.send('terminate', {});
      assert.ok(answer.success, time);
    }
    for (const again of [
      () => client.nextRequest({ threadId }),
      () => client.evaluateRequest({ expression: '1' }),
      () => client.launchRequest(more),
    ]) {
      await assert.rejects(again, { message: 'The session is over: begin another.' });
    }
    assert.deepEqual((await client.threadsRequest()).body.threads, []);
    assert.equal(terminated, 1);
  });

  it('counts lines from 0 with a client that does', async () => {
    const line = lineWith(CREATE_POD, 'yield* create(Pods, spec)');
    const initialized = client.waitForEvent('initialized');
    await client.initializeRequest({ ...INITIALIZE, linesStartAt1: false, columnsStartAt1: false });
    await initialized;
    await client.launchRequest({ mode: '0.14.2', runners: 1 } as DebugProtocol.LaunchRequestArguments);
    const source = { path: sources.pathOf(CREATE_POD) };
    const { body } = await client.setBreakpointsRequest({ source, breakpoints: [{ line: line - 1 }] });
    assert.deepEqual(
      body.breakpoints.map(({ verified, line: set }) => [verified, set]),
      [[true, line - 1]],
    );
    const stopped = client.waitForEvent('stopped');
    await client.configurationDoneRequest();
    const { threadId } = (await stopped).body as DebugProtocol.StoppedEvent['body'];
    const frames = await stackOf(threadId);
    assert.equal(frames[0]?.line, line - 1);
    assert.equal(frames.at(-1)?.line, 0, 'what has no source has no line');
  });

  it('says what has become of an answer that was changed', async () => {
    const { threadId } = await launch({ mode: '0.14.2', runners: 1 }, [{ name: 'create pods' }]);
    for (const [name, value, says] of [
      ['status', '409', /^create pods runner-1 is answered with 409 after \d\.\d ms\. It is future 1;/],
      ['delay', '2s', /^create pods runner-1 is answered with 409 after 2\.00 s\./],
      ['lost', 'true', /^The answer to create pods runner-1 is lost\./],
      ['never', 'true', /^create pods runner-1 is never answered\./],
    ] as const) {
      const { variablesReference } = await scope(threadId, 'Answer');
      const output = client.waitForEvent('output');
      await client.setVariableRequest({ variablesReference, name, value });
      assert.match(((await output).body as DebugProtocol.OutputEvent['body']).output, says);
    }
  });

  it('gives a pass another value than the server answers, whole or in part, and keeps what nobody is shown', async () => {
    const { threadId } = await launch({ mode: '0.14.2', runners: 1, podStart: '1s' }, [
      { name: 'post generatejitconfig' },
    ]);
    const parts = async (variablesReference: number): Promise<readonly DebugProtocol.Variable[]> =>
      (await client.variablesRequest({ variablesReference })).body.variables;
    const open = async (...path: readonly string[]): Promise<number> => {
      let { variablesReference } = await scope(threadId, 'Answer');
      for (const name of path) {
        const part = (await parts(variablesReference)).find((each) => each.name === name);
        variablesReference = part?.variablesReference ?? 0;
      }
      return variablesReference;
    };
    const set = async (path: readonly string[], name: string, value: string): Promise<string> =>
      (await client.setVariableRequest({ variablesReference: await open(...path), name, value })).body.value;
    for (const status of ['0', '99', '600', '200.5']) {
      await assert.rejects(set(['value'], 'status', status), {
        message: `A status is a number from 100 to 599, not ${status}.`,
      });
    }
    assert.equal(await set(['value', 'body', 'runner'], 'id', '999'), '999');
    const status = 'patch ephemeralrunners/status';
    await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: status }] });
    await move(() => client.continueRequest({ threadId: threadId ?? 0 }));
    assert.equal((await client.evaluateRequest({ expression: 'request.body.status.runnerId' })).body.result, '999');
    // The configuration, which is shown to nobody, is that of GitHub.
    await client.setFunctionBreakpointsRequest({ breakpoints: [] });
    await move(() => client.continueRequest({ threadId: threadId ?? 0 }));
    assert.equal((await client.evaluateRequest({ expression: 'truth.pod.status.phase' })).body.result, '"Running"');
    await move(() => client.evaluateRequest({ expression: 'goto 0', context: 'repl' }));
    await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'create pods' }] });
    await move(() => client.continueRequest({ threadId: threadId ?? 0 }));
    await assert.rejects(
      set([], 'value', 'nonsense'),
      /^Error: A value is written as JSON, such as .+, not nonsense\.$/,
    );
    for (const value of ['null', '5', '{}', '{"metadata": null}', '[]']) {
      await assert.rejects(
        set([], 'value', value),
        /^Error: The value of such an answer is an object with its metadata\.$/,
      );
    }
    assert.equal(await set(['value', 'metadata'], 'uid', '"another"'), '"another"');
    assert.equal(await set(['value', 'metadata'], 'labels', 'null'), 'null');
    assert.match(await set([], 'value', '{"metadata": {"name": "x"}}'), /^\{"metadata":\{"name":"x"\}\}$/);
    assert.deepEqual(await fieldsOf(threadId, 'Answer').then(({ status: now }) => now), '201');
  });

  it('sets the whole delay of an answer, says where it cannot, and answers with what is shown then', async () => {
    const { threadId } = await launch({ mode: '0.14.2', runners: 1 }, [{ name: 'create pods' }]);
    const set = async (name: string, value: string): Promise<string> => {
      const { variablesReference } = await scope(threadId, 'Answer');
      return (await client.setVariableRequest({ variablesReference, name, value })).body.value;
    };
    const delay = async (): Promise<string | undefined> => (await fieldsOf(threadId, 'Answer'))['delay'];
    for (const [wanted, shown] of [
      ['5s', '"5.00 s"'],
      ['200ms', '"200 ms"'],
      ['1000h', '"it comes after the end of the run"'],
      ['3s', '"3.00 s"'],
    ] as const) {
      assert.equal(await set('delay', wanted), shown);
      assert.equal(await delay(), shown);
    }
    await assert.rejects(
      set('delay', '1us'),
      /^Error: The answer comes after .+ by itself: it can be later, not sooner/,
    );
    assert.equal(await set('status', '"409"'), '409');
    assert.equal(await delay(), '"3.00 s"', 'the refusal takes as long');
    assert.equal(await set('never', 'true'), 'true');
    assert.equal(await delay(), '"it does not come"');
    assert.equal(await set('delay', '5s'), '"5.00 s"');
  });

  it('says that a pass goes no further before a step leaves it', async () => {
    for (const step of ['next', 'stepOut']) {
      const { threadId = 0 } = await launch({ mode: '0.14.2', runners: 2 }, [{ name: 'create pods' }]);
      const { variablesReference } = await scope(threadId, 'Answer');
      await client.setVariableRequest({ variablesReference, name: 'never', value: 'true' });
      const output = client.waitForEvent('output');
      await move(() => client.send(step, { threadId }));
      assert.match(
        ((await output).body as DebugProtocol.OutputEvent['body']).output,
        /^create pods (runner-\d) has no answer before the run is over: the pass of \1 goes no further\.$/m,
      );
    }
  });

  it('says log points that a step passes or comes to, each once, as when the run goes on', async () => {
    const said: string[] = [];
    client.on('output', ({ body }: DebugProtocol.OutputEvent) => {
      if (body.output.startsWith('at ')) said.push(body.output);
    });
    const point = { name: '* *', logMessage: 'at {timeMs} {request.verb}' } as DebugProtocol.FunctionBreakpoint;
    const { threadId = 0 } = await launch({ mode: '0.14.2', runners: 2, stopOnEntry: true }, [point]);
    const step = async (): Promise<boolean> => (await move(() => client.nextRequest({ threadId }))).reason === 'step';
    while (await step());
    const stepped = [...said];
    assert.ok(stepped.length > 5, stepped.join(''));
    said.length = 0;
    const { threadId: again = 0 } = await launch({ mode: '0.14.2', runners: 2, stopOnEntry: true }, [point]);
    await move(() => client.continueRequest({ threadId: again }));
    assert.deepEqual(stepped, said);
  });

  for (const [how, end] of [
    ['the editor disconnects', (one: DebugClient) => one.disconnectRequest({}).then(() => undefined)],
    ['the editor is gone', (_one: DebugClient, child: ChildProcess) => Promise.resolve(void child.stdin?.end())],
    ['a signal ends it', (_one: DebugClient, child: ChildProcess) => Promise.resolve(void child.kill('SIGTERM'))],
  ] as const) {
    it(`ends in the midst of a long simulation when ${how}`, async () => {
      const child = spawn(process.execPath, [ADAPTER], { stdio: ['pipe', 'pipe', 'inherit'] });
      try {
        const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
        const long = new DebugClient(process.execPath, ADAPTER, 'arc-reconciler');
        (long as unknown as { connect: (from: Readable, to: Writable) => void }).connect(child.stdout, child.stdin);
        await long.initializeRequest();
        const fields = { mode: '0.14.2', runners: 2, throughSet: true, jobDuration: '1s', horizon: '24h' };
        await long.launchRequest(fields as object);
        await long.configurationDoneRequest();
        await end(long, child);
        await ended;
      } finally {
        child.kill('SIGKILL');
      }
    }).timeout(30_000);
  }

  /** Seconds to simulate, for the first future and each other one. */
  const LONG = { mode: '0.14.2', runners: 2, throughSet: true, jobDuration: '1s', horizon: '20m', stopOnEntry: true };

  it('shows how far a long simulation has come, in a way that the editor has', async () => {
    const initialized = client.waitForEvent('initialized');
    await client.initializeRequest({ ...INITIALIZE, supportsProgressReporting: true });
    await initialized;
    const events: string[] = [];
    for (const name of ['progressStart', 'progressEnd', 'stopped']) client.on(name, () => events.push(name));
    const started = client.waitForEvent('progressStart', 30_000);
    const stopped = client.waitForEvent('stopped', 30_000);
    await client.launchRequest(LONG as object);
    await client.configurationDoneRequest();
    const { title, message, cancellable } = (await started).body as DebugProtocol.ProgressStartEvent['body'];
    assert.equal(title, 'Simulating the run');
    assert.match(message ?? '', /^\d{4,} moments so far, .+ of the run$/);
    assert.equal(cancellable, true);
    await stopped;
    assert.deepEqual(events, ['progressStart', 'progressEnd', 'stopped']);
  }).timeout(60_000);

  it('ends when the simulation of a launch is cancelled', async () => {
    await client.initializeRequest({ ...INITIALIZE, supportsProgressReporting: true });
    const started = client.waitForEvent('progressStart', 30_000);
    const terminated = client.waitForEvent('terminated', 30_000);
    await client.launchRequest({ ...LONG, horizon: '24h' } as object);
    await client.configurationDoneRequest();
    const { progressId } = (await started).body as DebugProtocol.ProgressStartEvent['body'];
    await client.send('cancel', { progressId });
    await terminated;
  }).timeout(60_000);

  it('hears its editor while it simulates a second future, and answers what is asked of that when it is there', async () => {
    await client.initializeRequest({ ...INITIALIZE, supportsProgressReporting: true });
    const stopped = client.waitForEvent('stopped', 30_000);
    await client.launchRequest(LONG as object);
    await client.configurationDoneRequest();
    const { threadId = 0 } = (await stopped).body as DebugProtocol.StoppedEvent['body'];
    const position = async (): Promise<string | undefined> => (await fieldsOf(threadId, 'Trace position'))['future'];
    const change = (): Promise<unknown> => client.evaluateRequest({ expression: 'set jitLatency 1s', context: 'repl' });
    const answers: string[] = [];
    const first = change().then(() => answers.push('changed'));
    const asked = position().then((future) => answers.push(`future ${future}`));
    await Promise.all([first, asked]);
    assert.deepEqual(answers, ['changed', 'future 1']);
    // Given up, it is none.
    const again = client.waitForEvent('progressStart', 30_000);
    const given = assert.rejects(change(), /Its simulation was given up: nothing is changed\./);
    await client.send('cancel', {
      progressId: ((await again).body as DebugProtocol.ProgressStartEvent['body']).progressId,
    });
    await given;
    assert.equal(await position(), '1');
    // The editor may leave in the midst of it.
    const third = change().then(
      () => answers.push('answered'),
      () => answers.push('given up'),
    );
    await client.disconnectRequest({});
    answers.push('disconnected');
    await third;
    assert.deepEqual(answers.slice(2).toSorted(), ['disconnected', 'given up']);
  }).timeout(90_000);

  it('says of a condition that was never true or false why nothing stopped at it', async () => {
    const output = new Promise<string>((resolve) =>
      client.on('output', ({ body }: DebugProtocol.OutputEvent) => {
        if (body.category === 'stderr') resolve(body.output);
      }),
    );
    const { description } = await launch({ mode: '0.14.2', runners: 3 }, [
      { name: 'create pods', condition: 'pod.status.phase' },
      { name: 'create secrets', condition: 'runner.metadata.name == "runner-9"' },
    ]);
    assert.equal(description, 'End of the run');
    assert.match(
      await output,
      /^A condition was asked 3 times and was never true or false: "pod\.status\.phase" has no value here: /,
    );
  });

  it('refuses hit counts that are never reached', async () => {
    const { threadId = 0 } = await launch({ mode: '0.14.2', runners: 1, stopOnEntry: true });
    assert.ok(threadId > 0);
    for (const hitCondition of ['0', '%0', '< 1', '<= 0', '= 0', 'x', '-1']) {
      const { body } = await client.setFunctionBreakpointsRequest({
        breakpoints: [{ name: 'create pods', hitCondition }],
      });
      const [{ verified, message = '' } = { verified: true }] = body.breakpoints;
      assert.equal(verified, false, hitCondition);
      assert.match(message, /^(?:No hit is ever .+: the first has the number 1\.|A hit count is a number, )/);
    }
  });

  it('begins when it is launched and configured, in either order, and goes nowhere before', async () => {
    await client.initializeRequest(INITIALIZE);
    for (const send of [() => client.continueRequest({ threadId: 1 }), () => client.nextRequest({ threadId: 1 })]) {
      await assert.rejects(send(), /^Error: The run has not begun\.$/);
    }
    await assert.rejects(client.launchRequest({ mode: 'nope' } as object), /unknown mode/);
    await client.configurationDoneRequest();
    const stopped = client.waitForEvent('stopped');
    await client.launchRequest({ mode: '0.14.2', runners: 1, stopOnEntry: true } as object);
    await stopped;
  });

  it('replays a trace alone, and takes no section of a log', async () => {
    const { trace, originUs } = simulate({ ...DEFAULT_SETTINGS, mode: '0.14.2', runners: 1 });
    const file = join(folder, 'alone.arctrace.jsonl');
    await writeFile(file, [...traceLines(trace, trace.endedUs, originUs)].join(''));
    const log = join(folder, 'alone.log');
    await writeFile(log, gunzipSync(await readFile(LOG)));
    await client.initializeRequest(INITIALIZE);
    for (const [fields, says] of [
      [
        { trace: [file, log] },
        /^Error: alone\.arctrace\.jsonl is a trace, which is replayed alone: leave it or the other files out\.$/,
      ],
      [{ trace: [log, file] }, /^Error: alone\.arctrace\.jsonl is a trace, which is replayed alone/],
      [
        { trace: log, section: 2 },
        /^Error: "section" is of a file with several traces, and alone\.log is a log: leave it out\.$/,
      ],
    ] as const) {
      await assert.rejects(client.launchRequest(fields as object), says);
    }
  });

  it('refuses threads and frames that there are not', async () => {
    const { threadId = 0 } = await launch({ mode: '0.14.2', runners: 1 }, [{ name: 'create pods' }]);
    const before = await fieldsOf(threadId, 'Trace position');
    await assert.rejects(client.nextRequest({ threadId: 77 }), /^Error: There is no thread 77: ask for the threads\.$/);
    await assert.rejects(client.stackTraceRequest({ threadId: 77 }), /^Error: There is no thread 77/);
    await assert.rejects(client.scopesRequest({ frameId: 99_999 }), /^Error: There is no frame 99999 where the run/);
    assert.deepEqual(await fieldsOf(threadId, 'Trace position'), before);
  });

  it('counts timeMs from where all other times begin, and shows no answer to what has none', async () => {
    const { threadId } = await launch({ mode: '0.14.2', runners: 2, stopOnEntry: true });
    const { result } = (await client.evaluateRequest({ expression: 'timeMs' })).body;
    const { time } = await fieldsOf(threadId, 'Trace position');
    assert.equal(JSON.stringify(`${Number(result).toFixed(1)} ms`), time);
    const ids = { threadId: threadId ?? 0 };
    for (let step = 0; step < 12; step++) {
      const { description = '', threadId: at } = await move(() => client.nextRequest(ids));
      const [frame] = await stackOf(at);
      const { scopes } = (await client.scopesRequest({ frameId: frame?.id ?? 0 })).body;
      const isTold = scopes.some(({ name }) => name === 'Answer');
      if (/^(phase|log) |ends:/.test(description)) assert.ok(!isTold, `an answer to ${description}`);
    }
  });

  it('takes the usual format of paths where a client names none', async () => {
    const { success } = await client.send('initialize', { adapterID: 'arc-reconciler' });
    assert.ok(success);
  });

  it('says which release runs in place of a version that is no mode', async () => {
    const output = client.waitForEvent('output');
    await launch({ mode: '0.13.0', runners: 1, stopOnEntry: true });
    assert.match(
      ((await output).body as DebugProtocol.OutputEvent['body']).output,
      /^0\.13\.0 is run as 0\.13\.1 without what it lacks of it: #4289, .*\. Simulated 1 runner in 0\.13\.0 with/,
    );
  });

  it('is started by editors as a command that speaks over its standard input and output, with what the README gives each', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const ofEditors = {
      Neovim: fieldsOfText(/\{ type = 'arc-reconciler', request = 'launch', (.+?) \}/.exec(readme)?.[1]),
      Emacs: fieldsOfText(/:request "launch" (:mode .+?)\)\n/.exec(readme)?.[1]),
      JetBrains: JSON.parse(/the launch parameters `(\{.+?\})`/.exec(readme)?.[1] ?? 'null') as object,
    };
    for (const [editor, fields] of Object.entries(ofEditors)) {
      assert.deepEqual(
        { ...fields, type: undefined, name: undefined },
        { mode: 'new', runners: 3, stopOnEntry: true, type: undefined, name: undefined },
        editor,
      );
      const started = new DebugClient(process.execPath, ADAPTER, 'arc-reconciler');
      started.defaultTimeout = 60_000;
      await started.start();
      try {
        const initialized = started.waitForEvent('initialized');
        await started.initializeRequest({ adapterID: 'arc-reconciler', clientID: editor });
        await initialized;
        await started.launchRequest({ request: 'launch', ...fields } as DebugProtocol.LaunchRequestArguments);
        await started.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'createPod' }] });
        const entered = started.waitForEvent('stopped');
        await started.configurationDoneRequest();
        assert.equal(((await entered).body as DebugProtocol.StoppedEvent['body']).reason, 'entry', editor);
        const stopped = started.waitForEvent('stopped');
        await started.continueRequest({ threadId: 1 });
        assert.equal(((await stopped).body as DebugProtocol.StoppedEvent['body']).reason, 'breakpoint', editor);
      } finally {
        await started.stop();
      }
    }
  }).timeout(120_000);
});

/** The fields of a Lua table, `mode = 'new'`, or of a Lisp list, `:mode "new"`. */
function fieldsOfText(text = ''): Readonly<Record<string, unknown>> {
  const found = text.matchAll(/:?(\w+)(?: = | )(?:'([^']*)'|"([^"]*)"|(\d+)|(true|t)\b)/g);
  const fields = Array.from(found, ([, name = '', single, double, digits]): [string, unknown] => {
    return [name, single ?? double ?? (digits === undefined ? true : Number(digits))];
  });
  return Object.fromEntries(fields);
}
