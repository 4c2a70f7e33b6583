import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulate } from '../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';
import { POD_PRESETS } from '../../src/kubernetes/embedded/pod-presets.ts';
import { SWITCHES } from '../../src/reconciler/releases/switches.ts';
import { EXPORTERS } from '../../src/export/exporters.ts';
import { parseTrace, TraceReader } from '../../src/trace/jsonl.ts';
import { freePort } from '../builders/free-port.ts';
import { arcLab, inFolder, type Finished } from '../builders/arc-lab.ts';
import { knownPasses, waitingIn } from '../builders/traces.ts';

/** Refused with one sentence on stderr, nothing on stdout and no trace of our code. */
function assertRefused({ code, stdout, stderr }: Finished, expectedCode: number, sentence: RegExp): void {
  assert.match(stderr, sentence);
  assert.equal(code, expectedCode, stderr);
  assert.equal(stderr.trim().split('\n').length, 1, `more than one line: ${stderr}`);
  assert.match(stderr, /^arc-lab: /);
  assert.doesNotMatch(stderr, /\bat .*\.(js|ts):\d|node:internal/, 'a stack trace is shown');
  assert.equal(stdout, '');
}

const KUBECONFIG = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'here',
  contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
  clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [{ name: 'u', user: { token: 'canary-kubeconfig-token' } }],
};

describe('the help of arc-lab', function () {
  this.timeout(60_000);

  it('lists no option that its command does not have', async () => {
    const { stdout } = await arcLab(['--help']);
    const commands = [...stdout.matchAll(/^ {2}arc-lab (?!help)([a-z][a-z-]+) /gm)].flatMap(([, name]) => name ?? []);
    assert.ok(commands.includes('advise') && commands.length > 10, stdout);
    assert.deepEqual(commands.slice(0, 3), ['why', 'watch', 'upgrade-check'], 'what most people come for is first');
    for (const command of commands) {
      const help = (await arcLab([command, '--help'])).stdout;
      const lines = help.split('\n').filter((line) => /^ {2}-/.test(line));
      const options = lines.flatMap((line) => [
        ...(line.trim().split(/ {2,}/)[0] ?? '').matchAll(/(--[a-z0-9-]+)( [A-Z0-9])?/g),
      ]);
      // Whatever it thinks of the values: an option that is unknown is said first.
      const call = options.flatMap(([, name = '', value]) => (value === undefined ? [name] : [name, '']));
      const { stderr } = await arcLab([command, ...call.filter((word) => word !== '--help'), '--no-such-option']);
      const unknown = /unknown option (\S+?);/.exec(stderr)?.[1];
      assert.equal(unknown ?? '--no-such-option', '--no-such-option', `arc-lab ${command}: ${stderr}`);
    }
  });
});

describe('wrong calls of arc-lab', () => {
  const cases: [title: string, args: string[], code: number, sentence: RegExp][] = [
    ['an unknown command', ['frobnicate'], 2, /unknown command "frobnicate"/],
    [
      'an unknown option',
      ['compare', '--colour'],
      2,
      /^arc-lab: unknown option --colour; see arc-lab compare --help$/m,
    ],
    [
      'a mistyped command',
      ['comapre'],
      2,
      /^arc-lab: unknown command "comapre"; did you mean compare\? See arc-lab --help$/m,
    ],
    [
      'help of a mistyped command',
      ['help', 'swep'],
      2,
      /unknown command "swep"; did you mean sweep\? See arc-lab --help$/m,
    ],
    [
      'a mistyped option',
      ['compare', '--worker', '2'],
      2,
      /^arc-lab: unknown option --worker; did you mean --workers\? See arc-lab compare --help$/m,
    ],
    [
      "the chart's name of a setting",
      ['run', '--maxRunners', '5'],
      2,
      /unknown option --maxRunners; did you mean --max\?/,
    ],
    ["ARC's flag", ['run', '--k8s-client-rate-limiter-qps', '5'], 2, /did you mean --qps\?/],
    ["ARC's flag for workers", ['run', '--runner-max-concurrent-reconciles=4'], 2, /did you mean --workers\?/],
    ['--modes of a run', ['run', '--modes', 'old,new'], 2, /unknown option --modes; did you mean --mode\? See/],
    ['--mode of a comparison', ['compare', '--mode', 'old'], 2, /unknown option --mode; did you mean --modes\? See/],
    ['a version that nobody published', ['run', '--mode', '99.0.0'], 2, /: ARC 99\.0\.0 cannot be run here; modes are/],
    [
      'simulated pods where they are simulated anyway',
      ['run', '--context', 'x', '--simulate-pods'],
      2,
      /--simulate-pods is for --apply; without it the pods are simulated anyway/,
    ],
    ['a missing value', ['compare', '--runners'], 2, /: --runners needs a value; see/],
    ['a missing value before an option', ['run', '-n', '--apply'], 2, /: (-n|--namespace) needs a value; see/],
    ['a missing value of a short option', ['run', '-n'], 2, /: --namespace needs a value; see/],
    ['a value where none goes', ['compare', '--json=yes'], 2, /: --json takes no value; see/],
    ['help about no command', ['help', 'foo'], 2, /: unknown command "foo"; see arc-lab --help$/m],
    ['help about no command, as an option', ['foo', '--help'], 2, /: unknown command "foo"; see arc-lab --help$/m],
    ['a negative count apart', ['compare', '--runners', '-1'], 2, /: --runners must be at least 1, not -1; see/],
    [
      'a limiter that there is not',
      ['run', '--workqueue-rate-limiter', 'none'],
      2,
      /: --workqueue-rate-limiter must be bucket_rate_limiter or typed_rate_limiter, not "none"; see/,
    ],
    ['a negative limit apart', ['sweep', '--qps', '-3'], 2, /: --qps must not be negative; 0 means no limit; see/],
    [
      'pods from a folder',
      ['compare', '--pods', '/tmp/../tmp.yaml'],
      2,
      /cannot be used for pods: there is no such file/,
    ],
    [
      'a folder as kubeconfig to write',
      ['serve', '--kubeconfig', '/tmp'],
      1,
      /: \/tmp cannot be written: it is a folder$/m,
    ],
    [
      'a folder as kubeconfig to read',
      ['run', '--kubeconfig', '/tmp'],
      1,
      /the kubeconfig \/tmp cannot be read: it is a folder$/m,
    ],
    ['a folder as report', ['compare', '--html', '/tmp'], 1, /: \/tmp cannot be written: it is a folder$/m],
    [
      'a file as a folder',
      ['run', '--trace', '/dev/null/t'],
      1,
      /\/t cannot be written: a part of the path is not a folder$/m,
    ],
    [
      'a mode that lacks a letter',
      ['run', '--mode', 'lates'],
      2,
      /"lates"; modes are .*; did you mean latest\? See arc-lab run/,
    ],
    [
      'a file where jobs are loaded',
      ['run', '--load', 'cluster.yaml'],
      2,
      /--load takes jobs here, .*: arc-lab serve --load cluster\.yaml starts a cluster with its objects/,
    ],
    ['jobs as --load that cannot be read', ['run', '--load', '5 a week'], 2, /^arc-lab: --load: jobs are given as/],
    [
      'jobs where a file is loaded',
      ['serve', '--load', '30'],
      2,
      /--load takes a file of objects here; jobs are given as/,
    ],
    ['an argument too many', ['compare', 'now'], 2, /unexpected argument "now"/],
    ['an unknown mode', ['run', '--mode', 'newest'], 2, /unknown mode "newest"; modes are 0\.9\.3, old, new/],
    [
      'an unknown mode to compare',
      ['compare', '--modes', 'old,newest'],
      2,
      /unknown mode "newest"; modes are 0\.9\.3, old, new/,
    ],
    [
      'a baseline that is not compared',
      ['compare', '--modes', 'new', '--baseline', 'old'],
      2,
      /--baseline must be one of the modes that are compared: new/,
    ],
    [
      'pull requests that contradict',
      ['run', '--mode', '0.13.1', '--without', '4142'],
      2,
      /4239 cannot be without 4142/,
    ],
    ['a pull request that is none', ['run', '--with', 'some'], 2, /--with takes numbers of pull requests with commas/],
    [
      'a pull request that is no switch',
      ['run', '--with', '99999'],
      2,
      /99999 cannot be switched here; arc-lab help switches lists all$/m,
    ],
    [
      'a pull request it has',
      ['run', '--mode', '0.14.2', '--with', '4390'],
      2,
      /0\.14\.2 has pull request 4390 already/,
    ],
    ['changes of nothing', ['compare', '--modes', 'new', '--without', '4390'], 2, /change nothing of new/],
    [
      'workers of 0.9.3',
      ['run', '--mode', '0.9.3', '--workers', '2'],
      2,
      /0\.9\.3 has one worker and no flag for more/,
    ],
    [
      'a client limit of 0.9.3',
      ['compare', '--modes', '0.9.3,0.14.2', '--qps', '80'],
      2,
      /0\.9\.3 has no flags for its client's limit, which is --qps 20 and --burst 30: leave both out/,
    ],
    ['a bad duration', ['compare', '--jit-latency', '200'], 2, /--jit-latency must be a duration like 200ms/],
    ['a resync period, which changed nothing', ['run', '--sync-period', '2s'], 2, /unknown option --sync-period/],
    ['a duration of nothing', ['run', '--until-idle', '--horizon', '0'], 2, /--horizon must be longer than 0/],
    ['no runners', ['compare', '--runners', '0'], 2, /--runners must be at least 1, not 0/],
    [
      'more runners than fit',
      ['compare', '--runners', '100000000'],
      2,
      /--runners must be at most 100000, not 100000000/,
    ],
    ['a negative count', ['compare', '--workers=-3'], 2, /--workers must be at least 1, not -3/],
    ['an invalid number', ['compare', '--workers', 'two'], 2, /--workers must be a whole number, not "two"/],
    ['a negative limit', ['sweep', '--qps=-1'], 2, /--qps must not be negative/],
    ['a list where one value goes', ['run', '--workers', '1,2'], 2, /--workers takes one value here/],
    [
      'several modes for one run',
      ['run', '--mode', 'old,new'],
      2,
      /--mode takes one mode; arc-lab compare --modes old,new runs them/,
    ],
    ['modes twice', ['sweep', '--mode', 'old', '--modes', 'new'], 2, /--mode and --modes are the same here/],
    [
      'a trace to standard output',
      ['run', '--trace', '-'],
      2,
      /--trace takes the name of a file; it does not write to/,
    ],
    [
      'a report to standard output',
      ['compare', '--html', '-'],
      2,
      /--html takes the name of a file; it does not write/,
    ],
    ['a horizon for a run without an end', ['run', '--horizon', '1h'], 2, /--horizon is for --until-idle/],
    ['--yes without --apply', ['run', '--yes'], 2, /--yes is for --apply/],
    [
      'runners to create on an attached cluster',
      ['run', '--context', 'x', '--runners', '7'],
      2,
      /--runners creates runners on the embedded cluster; an attached one has its own/,
    ],
    [
      'one namespace and all',
      ['run', '--context', 'x', '--namespace', 'a', '--all-namespaces'],
      2,
      /--namespace and --all-namespaces exclude each other/,
    ],
    [
      'a simulated latency where everything is real',
      ['run', '--context', 'x', '--apply', '--jit-latency', '1s'],
      2,
      /--jit-latency is for what is simulated; --apply uses what is real/,
    ],
    [
      'simulated pods where they are real',
      ['run', '--context', 'x', '--apply', '--pods', 'evicted'],
      2,
      /with --apply, --pods is for --simulate-pods/,
    ],
    ['an invalid selector', ['run', '--context', 'x', '--selector', '!!'], 2, /--selector is no label selector/],
    ['--apply without a cluster', ['run', '--apply'], 2, /--apply needs a cluster/],
    ['an invalid metrics address', ['run', '--metrics', 'here'], 2, /--metrics must be HOST:PORT/],
    [
      'no kubeconfig',
      ['run', '--context', 'x'],
      1,
      /no kubeconfig found at .*; name one with --kubeconfig, or leave out --context to run on the embedded cluster$/m,
    ],
    [
      'no kubeconfig for a command that has no embedded cluster',
      ['restore', '--context', 'x'],
      1,
      /no kubeconfig found at .*; name one with --kubeconfig$/m,
    ],
    [
      'conditions of no served cluster',
      ['conditions'],
      1,
      /no kubeconfig found at .*; start arc-lab serve, which writes one/,
    ],
    ['a kubeconfig that is not there', ['run', '--kubeconfig', '/nowhere'], 1, /no kubeconfig found at \/nowhere/],
    [
      'an output that cannot be written',
      ['compare', '--html', '/proc/report.html'],
      1,
      /\/proc\/report.html cannot be written/,
    ],
    ['a trace that cannot be written', ['run', '--trace', '/proc/x/t'], 1, /cannot be written/],
  ];
  for (const [title, args, code, sentence] of cases) {
    it(`${title}: one sentence, exit code ${code}`, async () => assertRefused(await arcLab(args), code, sentence));
  }

  it('a kubeconfig that is broken, has no such context, or names an unreachable server: one sentence each', () =>
    inFolder(async (folder) => {
      const file = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      const broken = file('broken', 'apiVersion: [unclosed');
      assertRefused(await arcLab(['run', '--kubeconfig', broken]), 1, /the kubeconfig .*broken cannot be read/);
      const none = file('none', 'some text');
      for (const command of ['run', 'conditions']) {
        assertRefused(await arcLab([command, '--kubeconfig', none]), 1, /none is no kubeconfig: it has no contexts$/m);
      }
      const good = file('good', JSON.stringify(KUBECONFIG));
      assertRefused(
        await arcLab(['run', '--kubeconfig', good, '--context', 'elsewhere']),
        1,
        /has no context "elsewhere"; it has here/,
      );
      assertRefused(
        await arcLab(['run', '--kubeconfig', good]),
        1,
        /https:\/\/127\.0\.0\.1:1 cannot be reached: connection refused/,
      );
      assertRefused(
        await arcLab(['run', '--kubeconfig', good, '--apply', '--yes']),
        2,
        /--apply changes a cluster: name the one that is meant with --context/,
      );
      const ask = await arcLab(['run', '--kubeconfig', good, '--context', 'here', '--apply']);
      assert.equal(ask.code, 1);
      assert.match(ask.stdout, /^✗ API server: https:\/\/127\.0\.0\.1:1 cannot be reached/m);
      assert.match(ask.stderr, /^arc-lab: nothing was changed; see the ✗ lines above\n$/);
    }));

  it('a file of somebody where a trace or report goes: one sentence, and the file stays as it was', () =>
    inFolder(async (folder) => {
      const log = join(folder, 'controller.log');
      const text = '{"level":"info","msg":"a line of a controller"}\n';
      const inPlace = join(folder, 'old.arctrace.jsonl');
      for (const file of [log, inPlace]) writeFileSync(file, text);
      for (const args of [
        ['run', '--until-idle', '--trace', log],
        ['compare', '--virtual', '--trace', log],
        ['compare', '--virtual', '--html', log],
        ['compare', '--virtual', '--trace-dir', folder],
      ]) {
        const sentence = /(controller\.log|old\.arctrace\.jsonl) cannot be written: it exists and is not a \w+/;
        assertRefused(await arcLab(args), 1, sentence);
        assert.deepEqual([readFileSync(log, 'utf8'), readFileSync(inPlace, 'utf8')], [text, text]);
      }
    }));

  it('every format: a file of somebody stays as it was, one of the format is overwritten', () =>
    inFolder(async (folder) => {
      const mine = join(folder, 'notes.txt');
      writeFileSync(mine, 'mine');
      for (const { id, extension, what } of EXPORTERS) {
        const refused = await arcLab(['compare', '--virtual', '--runners', '1', `--${id}`, mine]);
        assertRefused(refused, 1, new RegExp(`notes\\.txt cannot be written: it exists and is not ${what};`));
        assert.equal(readFileSync(mine, 'utf8'), 'mine');
        const file = join(folder, `run.${extension}`);
        for (const _again of [1, 2]) {
          const { code, stderr } = await arcLab(['compare', '--virtual', '--runners', '1', `--${id}`, file]);
          assert.equal(code, 0, stderr);
        }
      }
    }));

  it('a trace and a report are overwritten by the next ones, an empty file by the first', () =>
    inFolder(async (folder) => {
      const [trace, html] = [join(folder, 'all.arctrace.jsonl'), join(folder, 'report.html')];
      writeFileSync(trace, '');
      for (let round = 0; round < 2; round++) {
        const args = ['compare', '--virtual', '--runners', '1', '--trace', trace, '--html', html];
        const { code, stderr } = await arcLab([...args, '--trace-dir', folder]);
        assert.equal(code, 0, stderr);
      }
    }));

  it('a wrong call of a command: the sentence names the help of that command', async () => {
    assert.match((await arcLab(['sweep', '--colour'])).stderr, /; see arc-lab sweep --help$/m);
    assert.match((await arcLab(['frobnicate'])).stderr, /; see arc-lab --help$/m);
  });

  it('help of pull requests: each that --with takes, with what it does', async () => {
    const { code, stdout } = await arcLab(['help', 'switches']);
    assert.equal(code, 0);
    for (const [number, words] of Object.entries(SWITCHES)) {
      assert.match(stdout, new RegExp(`^  ${number}  \\S+ +`, 'm'), number);
      assert.ok(stdout.includes(words), `${number} is not explained`);
    }
    assert.match(stdout, /^ {2}4390 {2}0\.14\.0 +one call to the Actions service at a time/m);
    assert.match(stdout, /^ {2}4664 {2}none +/m);
    assert.match((await arcLab(['help', 'modes'])).stdout, /^arc-lab help modes: [^]*^  latest +/m);
    assert.match((await arcLab(['help'])).stdout, /arc-lab help switches +pull requests/);
  });

  it('help of a command with pods: each preset with what it does', async () => {
    const { stdout } = await arcLab(['help', 'run']);
    for (const { name, description } of POD_PRESETS) {
      assert.match(stdout, new RegExp(`^ +${name} +${description}( \\(#|$)`, 'm'));
    }
  });

  it('help of one command: its options and no other command, in each way of asking', async () => {
    for (const command of ['compare', 'conditions', 'restore', 'run', 'serve', 'sweep']) {
      const { code, stdout } = await arcLab([command, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^arc-lab ${command}.*: `));
      assert.equal(/--without-controllers/.test(stdout), command === 'serve', stdout);
      assert.equal(/--scale-down-controller/.test(stdout), command === 'run', stdout);
      assert.equal(/--jit-latency/.test(stdout), command !== 'restore', stdout);
      assert.equal(/compare/.test(stdout), command === 'compare', `the help of ${command} speaks of another`);
      assert.equal((await arcLab(['help', command])).stdout, stdout);
      assert.equal((await arcLab([command, '--nonsense', '-h'])).stdout, stdout);
    }
  });

  it('--version: the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    assert.equal((await arcLab(['--version'])).stdout, `${version}\n`);
  });

  it('none at all: the commands, and exit code 2', async () => {
    const { code, stdout } = await arcLab([]);
    assert.equal(code, 2);
    assert.match(stdout, /arc-lab compare/);
    assert.ok(stdout.split('\n').length < 25, `a list that is seen at once: ${stdout}`);
    assert.equal((await arcLab(['--help'])).code, 0);
  });
});

describe('arc-lab', () => {
  it('compare --json puts the figures of both modes, and nothing else, on stdout', async () => {
    const { code, stdout } = await arcLab(['compare', '--virtual', '--json', '--runners', '3']);
    assert.equal(code, 0);
    const { results } = JSON.parse(stdout) as { results: { mode: string; pods: number; firstPodUs: number }[] };
    assert.deepEqual(
      results.map(({ mode, pods }) => [mode, pods]),
      [
        ['old', 3],
        ['new', 3],
      ],
    );
    assert.ok((results[1]?.firstPodUs ?? Infinity) < (results[0]?.firstPodUs ?? 0) / 2);
  });

  it('compare and run give each mode the workers that its pull requests make usual, unless --workers is given', async () => {
    const asked = ['--modes', '0.13.1', '--with', '4626,4670', '--virtual', '--runners', '30'];
    const { stdout } = await arcLab(['compare', ...asked, '--json']);
    const { results } = JSON.parse(stdout) as { results: { settings: { workers: number }; lastPodUs: number }[] };
    assert.deepEqual(
      results.map(({ settings }) => settings.workers),
      [2, 4],
    );
    assert.ok((results[1]?.lastPodUs ?? Infinity) < (results[0]?.lastPodUs ?? 0), 'more workers are sooner done');
    const text = await arcLab(['compare', ...asked]);
    assert.match(
      text.stdout,
      /^30 runners, 2 workers in 0\.13\.1 and 4 workers in 0\.13\.1\+4626\+4670\n\n0\.13\.1\+4626\+4670 made the first pod .* and the last \d+ ms sooner/,
    );
    const same = await arcLab(['compare', ...asked, '--workers', '2']);
    assert.match(same.stdout, /^30 runners, 2 workers\n\nNo real difference/);
    assert.match(same.stderr, /0\.13\.1\+4626\+4670 has --workers 4 by default; --workers 2 overrides it\./);
    const run = await arcLab(['run', '--mode', 'latest+4626+4670', '--virtual', '--jobs', '1']);
    assert.match(run.stdout, /^latest\+4626\+4670 mode, 4 workers, /);
  });

  it('compare shows the point when nothing else is asked for: 30 runners, 1 worker, and the verdict first', async () => {
    const { stdout } = await arcLab(['compare', '--virtual']);
    assert.match(
      stdout,
      /^30 runners, 1 worker\n\nWith 1 worker and 30 runners, new made the first pod 6\.71 s sooner \(7\.42 s → 711 ms\)/,
    );
  });

  it('compare names the option that shows the lanes for which a terminal has no room', async () => {
    const { stdout } = await arcLab(['compare', '--virtual']);
    assert.match(stdout, /^… and 18 more; --html FILE shows all$/m);
  });

  it('compare writes a report that loads nothing and a trace for each mode', () =>
    inFolder(async (folder) => {
      const html = join(folder, 'deep', 'report.html');
      const traces = join(folder, 'traces');
      const { code, stdout, stderr } = await arcLab(['compare', '--virtual', '--html', html, '--trace-dir', traces]);
      assert.equal(code, 0);
      const made = [join(folder, 'deep'), traces];
      assert.equal(stderr, made.map((path) => `There was no folder ${path}; it has been made.\n`).join(''));
      assert.ok(stdout.includes(html), 'the path of the report is not printed');
      const text = readFileSync(html, 'utf8');
      assert.doesNotMatch(text, /<script|<link|src=|url\((?!#)|@import/);
      assert.ok((text.match(/<title>pod created<\/title>/g) ?? []).length >= 6, 'pods are not drawn');
      for (const mode of ['old', 'new']) {
        const trace = parseTrace(readFileSync(join(traces, `${mode}.arctrace.jsonl`), 'utf8'));
        assert.equal(trace.header.release, mode);
        assert.ok(trace.passCount >= 12);
      }
    }));

  it('compare writes traces of every number of runners, none over another', () =>
    inFolder(async (folder) => {
      const { code } = await arcLab(['compare', '--virtual', '--runners', '2,3', '--trace-dir', folder]);
      assert.equal(code, 0);
      const names = readdirSync(folder).sort();
      assert.deepEqual(
        names,
        ['new-2', 'new-3', 'old-2', 'old-3'].map((name) => `${name}.arctrace.jsonl`),
      );
      for (const name of names) {
        const { header } = parseTrace(readFileSync(join(folder, name), 'utf8'));
        assert.equal(`${header.release}-${String(header.settings['runners'])}.arctrace.jsonl`, name);
      }
    }));

  it('compare writes one trace with both modes, which reads back as two of one run', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'both.arctrace.jsonl');
      const { code, stdout } = await arcLab(['compare', '--virtual', '--runners', '3', '--trace', file]);
      assert.equal(code, 0);
      assert.ok(stdout.includes(`Trace: ${file}`), 'the path of the trace is not printed');
      const reader = new TraceReader();
      reader.push(readFileSync(file, 'utf8'));
      const traces = reader.end();
      assert.deepEqual(
        traces.map(({ header, originUs }) => [header.release, originUs]),
        [
          ['old', 50_000],
          ['new', 50_000],
        ],
      );
      for (const trace of traces) assert.ok(trace.passCount >= 12 && trace.endedUs !== undefined);
    }));

  it('sweep combines its lists in one table', async () => {
    const { code, stdout } = await arcLab(['sweep', '--workers', '1,4', '--qps', '20,0', '--runners', '10']);
    assert.equal(code, 0);
    assert.equal(stdout.split('\n').filter((line) => /^(old|new) /.test(line)).length, 8);
  });

  it('compare says which release stands for a version, also for the baseline', async () => {
    const args = ['compare', '--virtual', '--runners', '1', '--modes', '0.9.0,0.10.1', '--baseline', '0.10.0'];
    const { code, stderr, stdout } = await arcLab([...args, '--json']);
    assert.equal(code, 0, stderr);
    assert.equal(
      stderr,
      [
        '0.9.0 is run as 0.9.3, the nearest of the modes.\n',
        '0.10.1 is run as new, which does the same.\n',
        '0.10.0 is run as new, which does the same.\n',
      ].join(''),
    );
    assert.equal((JSON.parse(stdout) as { baseline: string }).baseline, '0.10.1', 'as the mode is named');
  });

  it('says which value counts when an option is given twice', async () => {
    const args = ['sweep', '--mode', 'new', '--runners', '1', '--runners', '2', '--json', '--json'];
    const { code, stderr, stdout } = await arcLab(args);
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '--runners is given more than once; the last one counts, 2.\n');
    assert.deepEqual(
      (JSON.parse(stdout) as { settings: { runners: number } }[]).map(({ settings }) => settings.runners),
      [2],
    );
  });

  const lists: [option: string, values: string, title: string][] = [
    ['seed', '3,4', 'seed'],
    ['pods', 'jobs,none', 'pods'],
    ['pod-start', '1ms,1s', 'pod start'],
    ['job-duration', '1s,20s', 'jobs'],
    ['workqueue-rate-limiter', 'bucket_rate_limiter,typed_rate_limiter', 'limiter'],
  ];
  for (const [option, values, title] of lists) {
    it(`sweep has a column for --${option} where it has several values, and none where it has one`, async () => {
      const call = ['sweep', '--mode', '0.14.2', '--runners', '1', `--${option}`];
      const { code, stdout, stderr } = await arcLab([...call, values]);
      assert.equal(code, 0, stderr);
      const [head = '', , ...rows] = stdout.split('\n');
      assert.ok(head.split(/ {2,}/).includes(title), head);
      const at = head.indexOf(title) + title.length;
      const column = rows.slice(0, 2).map((row) => row.slice(0, at).split(/ {2,}/).at(-1));
      assert.equal(new Set(column).size, 2, `two rows with ${column.join(' and ')}`);
      const one = await arcLab([...call, values.split(',')[0] ?? '']);
      assert.ok(!one.stdout.split('\n')[0]?.split(/ {2,}/).includes(title), one.stdout);
    });
  }

  it('sweep says which runs went wrong, and once what is the same in all', async () => {
    const call = ['sweep', '--runners', '2', '--workers', '1,2', '--mode', 'new'];
    const { stdout } = await arcLab([...call, '--pods', 'fails-at-start']);
    assert.match(stdout, /^In both runs both runners failed: exit 1\.$/m);
    assert.match(stdout, /^Times of pods are those of each runner’s first pod\.$/m);
    assert.doesNotMatch((await arcLab([...call, '--pods', 'jobs'])).stdout, /failed|Times of pods/);
  });

  it('sweep takes a list of modes as --modes and as --mode', async () => {
    for (const option of ['--modes', '--mode']) {
      const { code, stdout } = await arcLab(['sweep', option, 'new,old', '--runners', '2']);
      assert.equal(code, 0);
      assert.deepEqual(stdout.match(/^(old|new) /gm), ['new ', 'old ']);
      assert.doesNotMatch((await arcLab(['sweep', option, 'old', '--runners', '2'])).stdout, /^new /m);
    }
  });

  it('run says that runners could not be created, and exits with 1', async () => {
    const args = ['run', '--until-idle', '--runners', '3', '--jit-latency', '1ms'];
    const { code, stderr } = await arcLab([...args, '--fail', 'create ephemeralrunners 500 2']);
    assert.match(stderr, /^arc-lab: Runners could not be created: .*\n$/);
    assert.equal(code, 1);
  });

  it('run counts no waiting job as a runner without a pod', async () => {
    const { stdout } = await arcLab(['run', '--virtual', '--jobs', '50', '--max', '2', '--horizon', '5s']);
    assert.match(stdout, /^\d of 50 jobs are done\.$/m);
    assert.match(stdout, /\nNot quiet: ended at the horizon of 5 s\.\n$/);
  });

  it('compare lets scale sets do the same jobs, and says how far they came', async () => {
    const call = ['compare', '--virtual', '--jobs', '6 at once', '--max', '4', '--listener', 'evict at 3s'];
    const { stdout, code } = await arcLab([...call, '--modes', 'new,0.14.2', '--baseline', '0.14.2']);
    assert.equal(code, 0);
    assert.match(stdout, /^jobs: 6 at once for a scale set with at least 0 and at most 4 runners, 1 worker\n/);
    assert.match(
      stdout,
      /^In new the median job started .+ (?:than|as) in 0\.14\.2 \(.+ → .+\), and the last one was done /m,
    );
    for (const mode of ['new', '0.14.2'])
      assert.match(stdout, new RegExp(`^${mode.replaceAll('.', '\\.')} +6 of 6 `, 'm'));
  });

  it('compare refuses options of a scale set that it has none for, and the other way round', async () => {
    const refused: [string[], RegExp][] = [
      [['--max', '3'], /--max is for a scale set with --jobs/],
      [['--listener', 'kill 1s'], /--listener is for a scale set with --jobs/],
      [['--jobs', '3', '--runners', '3'], /leave out --runners/],
      [['--jobs', '3', '--through-set'], /leave out --through-set/],
      [
        ['--jobs', '5 a minute'],
        /jobs that come for ever need an end: give --horizon, or a number of jobs or a time as "20 jobs, 5 a minute"/,
      ],
      [['--jobs', '3', '--listener', 'stop'], /--listener: what happens to the listener is given as/],
    ];
    for (const [args, why] of refused) {
      const { stderr, code } = await arcLab(['compare', '--virtual', ...args]);
      assert.match(stderr, why, args.join(' '));
      assert.equal(code, 2, args.join(' '));
    }
  });

  it('run says beside its passes that runners failed, and why', async () => {
    const { stdout } = await arcLab(['run', '--virtual', '--jobs', '3', '--pods', 'fails-at-start', '--mode', 'new']);
    assert.match(stdout, /passes failed\).*pods made\nAll 3 runners failed: exit 1\.$/m);
  });

  it('run ends by itself when it is idle', async () => {
    const { code, stdout } = await arcLab(['run', '--mode', 'old', '--until-idle', '--jit-latency', '20ms']);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /18 passes \(15 done, 3 requeued, 0 delayed, 0 passes failed\), 27 requests to Kubernetes, 5 to the Actions service/,
    );
  });

  it('run makes the run that simulate and sessions make of the same settings', () =>
    inFolder(async (folder) => {
      const trace = join(folder, 'run.arctrace.jsonl');
      const changes = { runners: 12, workers: 3, jitLatencyUs: 20_000, seed: 5 };
      const args = ['--runners', '12', '--workers', '3', '--jit-latency', '20ms', '--seed', '5'];
      const { code, stderr } = await arcLab(['run', '--mode', 'new', '--until-idle', '--trace', trace, ...args]);
      assert.equal(code, 0, stderr);
      const mine = [...parseTrace(readFileSync(trace, 'utf8')).events()];
      const wanted = [...simulate({ ...DEFAULT_SETTINGS, mode: 'new', ...changes }).trace.events()];
      assert.deepEqual(mine, wanted);
    }));

  it('run ends at its horizon though a job goes on, and says so', async () => {
    const args = ['run', '--runners', '1', '--jit-latency', '1ms', '--job-duration', '1h', '--until-idle'];
    const { code, stdout } = await arcLab([...args, '--horizon', '2s']);
    assert.equal(code, 0);
    assert.match(stdout, /^Not quiet: ended at the horizon of 2 s\.$/m);
  });

  it('run that its horizon cuts off says so behind its log, and how many runners have no pod', async () => {
    const args = ['run', '--mode', 'old', '--runners', '30', '--workers', '1', '--until-idle', '--horizon', '300ms'];
    const { code, stdout, stderr } = await arcLab(args);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /\nNot quiet: ended at the horizon of 300 ms\. Without a pod: 30 of 30 runners\.\n\d+ passes.*\n$/,
    );
  });

  it('compare that ends before the first pod says so in place of an empty table', async () => {
    const { stdout } = await arcLab(['compare', '--virtual', '--horizon', '1ms']);
    assert.match(stdout, /^30 runners, 1 worker\n\nNo runner got a pod within 1 ms\.\n/);
    assert.doesNotMatch(stdout, /first pod|a column/);
    const later = (await arcLab(['compare', '--virtual', '--horizon', '1s'])).stdout;
    assert.match(later, /^old: Not quiet: ended at the horizon of 1 s\. Without a pod: 30 of 30 runners\.$/m);
    assert.match(later, /^new: Not quiet: ended at the horizon of 1 s\. Without a pod: 29 of 30 runners\.$/m);
  });

  it('run serves metrics under the names of upstream', async () => {
    const port = await freePort();
    let metrics = '';
    const { code } = await arcLab(['run', '--mode', 'new', '--metrics', `127.0.0.1:${port}`, '--jit-latency', '20ms'], {
      whenSaid: {
        text: 'runner-3  Waiting for runner container status',
        act: (child) => {
          void fetch(`http://127.0.0.1:${port}/metrics`)
            .then((response) => response.text())
            .then((text) => {
              metrics = text;
              child.kill('SIGINT');
            });
        },
      },
    });
    assert.equal(code, 0);
    const labels = '\\{[^}]*\\}';
    for (const name of [
      `controller_runtime_reconcile_total${labels} 1\\d`,
      `controller_runtime_reconcile_errors_total${labels} 0`,
      `controller_runtime_reconcile_time_seconds_bucket${labels}`,
      `controller_runtime_active_workers${labels}`,
      `controller_runtime_max_concurrent_reconciles${labels} 2`,
      `workqueue_depth${labels}`,
      `workqueue_adds_total${labels} 1\\d`,
      `workqueue_queue_duration_seconds_count${labels}`,
      `rest_client_requests_total\\{[^}]*code="201",method="POST"[^}]*\\} 6`,
    ]) {
      assert.match(metrics, new RegExp(name));
    }
  });

  it('run ends on Ctrl-C with a trace that is complete and readable', () =>
    inFolder(async (folder) => {
      const trace = join(folder, 'run.arctrace.jsonl');
      const { code } = await arcLab(['run', '--trace', trace, '--runners', '20', '--workers', '3'], {
        whenSaid: { text: 'Created ephemeral runner pod', act: (child) => child.kill('SIGINT') },
      });
      assert.equal(code, 0);
      assert.ok(existsSync(trace));
      const text = readFileSync(trace, 'utf8');
      assert.ok(text.endsWith('\n'), 'the last line is cut');
      const passes = knownPasses(parseTrace(text));
      assert.ok(passes.some(({ requests }) => requests.some(({ resource }) => resource === 'pods')));
      assert.ok(passes.length < 20 * 6, 'it ran to its end instead of being interrupted');
    }));

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`run --until-idle that ${signal} ends is not complete: exit code ${expected}, and how many calls were cut off`, async () => {
      const args = ['run', '--until-idle', '--runners', '9', '--workers', '2', '--jit-latency', '10m'];
      const { code, stdout, stderr } = await arcLab(args, {
        whenSaid: { text: 'Creating new ephemeral runner registration', act: (child) => child.kill(signal) },
      });
      assert.equal(stderr, 'arc-lab: interrupted; the run is not complete\n');
      assert.equal(code, expected);
      assert.match(stdout, /pods made; \d calls? w(as|ere) cut off\n$/);
    });
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`run that ${signal} ends keeps the calls in flight and the waits in its trace, and says until when`, () =>
      inFolder(async (folder) => {
        const file = join(folder, 'run.arctrace.jsonl');
        const args = ['run', '--trace', file, '--runners', '9', '--workers', '2', '--jit-latency', '10m'];
        const { code } = await arcLab(args, {
          whenSaid: {
            text: 'Creating new ephemeral runner registration',
            act: (child) => void interrupt(child, signal),
          },
        });
        assert.equal(code, signal === 'SIGINT' ? 130 : 143);
        const trace = parseTrace(readFileSync(file, 'utf8'));
        const passes = [...trace.open()].filter((open) => open.started !== undefined);
        const inFlight = passes.flatMap(({ requests = [] }) =>
          requests.filter((request) => request.ended === undefined),
        );
        assert.ok(inFlight.length > 0, 'the call in flight is lost');
        for (const { resource } of inFlight) assert.equal(resource, 'generatejitconfig');
        const waiting = waitingIn(trace).filter((runner) => !passes.some(({ object }) => object === runner));
        assert.ok(waiting.length > 3, `${waiting.length} of 9 runners wait`);
        assert.ok(
          (trace.endedUs ?? 0) > Math.max(...passes.map(({ started }) => started)),
          'when it ended is not said',
        );
      }));
  }
});

/** Presses Ctrl-C, and again a little later, as impatient people do. */
async function interrupt(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await new Promise((resolve) => setTimeout(resolve, 300));
  child.kill(signal);
}
