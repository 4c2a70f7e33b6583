import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const TESTS = new URL('../', import.meta.url);

/** What was found in use, and the tests that failed before it was mended: their files, and how their names begin. */
const FOUND: Readonly<Record<string, readonly (readonly [file: string, ...names: string[]])[]>> = {
  '1 shadow leaves runners stuck for ever': [
    ['unit/kubernetes/shadow-versions', 'versions in shadow'],
    ['unit/run/shadow', '1,000 runners in shadow'],
    ['cli/shadow', 'arc-lab run in shadow of a served cluster'],
  ],
  '2 runs without an end': [
    ['unit/run/run-end', 'with every preset of pods and jobs that end: it is quiet'],
    ['unit/run/pod-presets', 'A job that is over is over for the service'],
    ['cli/ends', '${args[0]} hears ${signal} while it computes', 'with pods that are evicted and jobs that end'],
    ['cli/interrupted-waits', 'for a server that does not answer hears a signal', 'for input that does not come'],
    ['unit/apply/write-lease', 'is given up within a second where the server does not answer any more'],
  ],
  '3 a restart of serve --data': [
    ['cli/serve-restart', 'a controller that lives on goes on working, and no id is given twice'],
    ['unit/serve/served-restart', ''],
  ],
  '4 a reload keeps the oldest runs': [
    ['unit/extension/kept-runs', 'are the newest, whatever the order'],
    ['workbench/person-workbench', 'keeps the timeline over a reload of the window'],
  ],
  '5 open waits are dropped': [
    ['unit/extension/timeline-feed', 'is an open bar for every runner that waits'],
    ['workbench/trouble-workbench', 'shows that 3,000 runners wait, in every lane'],
  ],
  '6 a pass in progress is lost': [
    ['unit/run/session-end', 'leaves the passes in progress and the waits in its trace'],
  ],
  '7 the axis ends at the last pass': [
    ['workbench/timeline-page', 'draws pods that have been pending for three minutes as three minutes'],
    ['unit/webview/page-model', 'keeps a session that lives in view as a whole after Fit'],
    ['unit/report/report', 'has an axis to the end of a run in which a pod has not started'],
  ],
  '8 refused pods without a reason': [
    ['cli/stuck-lines', 'writes to a served cluster with a quota'],
    ['unit/explain/stuck-runners', "is a line of the log under the message of ARC's", 'is a sum in the tree'],
    ['unit/problems/refusal', 'because of a quota is a sum'],
  ],
  '9 pod problems that nobody names': [
    ['unit/problems/pod-problem', 'is said for ${name}, with since when and what to do'],
    ['workbench/trouble-workbench', 'names what is wrong with pods: an image, no room, evicted'],
    ['workbench/timeline-page', 'says what happened, for how long, which goes on, and what to do'],
  ],
  '10 a session repairs what it was to explain': [
    ['unit/run/held-session', 'is kept when the reconciler has changed it', 'fills its caches and reconciles nothing'],
    ['workbench/sessions-workbench', 'can look first: a session that is held'],
  ],
  '11 a lost connection or lease': [
    ['unit/extension/what-is-lost', 'the message about a lost connection'],
    ['workbench/sessions-workbench', 'says when a server has fallen silent, in tree, status bar, banner and message'],
    ['workbench/trouble-workbench', 'says that the right to write was lost, why'],
  ],
  '12 held back for longer than the run': [
    ['unit/explain/sweep-verdict', 'says how long the limiter held a runner', 'is a text for each mode and limit'],
  ],
  '13 the last pod is a creation': [
    ['unit/explain/sweep-verdict', 'tell when the last container ran beside when the last pod was made'],
  ],
  '14 the first run shows nothing': [
    ['unit/explain/verdict', 'says what the new mode gains at the first pod', 'calls what is sooner sooner'],
    ['workbench/sessions-workbench', 'shows the point in the first run'],
  ],
  '15 both modes are not on screen': [
    ['workbench/timeline-page', 'has both modes of ${runners} on screen', 'scrolls with the wheel and with its bar'],
    ['unit/webview/lane-names', 'are there, and can be read, with both modes'],
  ],
  '16 the explanation vanishes when narrow': [
    ['workbench/timeline-page', 'loses nothing when it is ${width} pixels wide'],
    ['workbench/person-workbench', 'shows a pass beside the chart or below it'],
    ['workbench/without-colours-page', 'show what follows on what'],
  ],
  '17 a run that is over does not rest': [
    ['unit/model/rest', 'a session on the embedded cluster ends by itself when nothing is left to do'],
    ['workbench/timeline-page', 'shows all of it and what came of each session'],
    ['workbench/sessions-workbench', 'ends by itself when nothing is left to do, says so and rests'],
  ],
  '18 a session that writes looks like any other': [
    [
      'workbench/sessions-workbench',
      'makes a session that writes look like one',
      'does not write for five times Enter',
    ],
    ['cli/shadow', 'prints the checklist and what it would do before it refuses'],
  ],
  '19 sessions pile up': [
    ['unit/base/natural-order', 'counts: runner-2 comes before runner-10'],
    ['workbench/sessions-workbench', 'takes the timeline in front for what a command means'],
    ['unit/extension/what-is-lost', 'counts those that run, and says what all have come to'],
  ],
  '20 search marks nothing': [
    [
      'workbench/timeline-page',
      'counts hits as one goes through them',
      'n and p stay with the runner that is selected',
    ],
    ['workbench/person-workbench', 'lays the lanes by worker and by API'],
  ],
  '21 presets are out of reach': [
    ['workbench/sessions-workbench', 'reaches presets, load and faults from the run flow'],
    ['unit/run/job-duration', 'end after 10 s where nothing says when'],
  ],
  '22 saving': [
    ['unit/extension/file-name', 'says modes, run, date and time'],
    ['workbench/person-workbench', 'saves both modes as one trace'],
    ['workbench/timeline-page', 'saves pictures with title, sentence, settings, date and legend'],
    [
      'unit/report/report',
      'says first what the runs show',
      'marks a figure that is worse as worse',
      'explains every kind of bar',
    ],
  ],
  '23 wordings and small things': [
    ['unit/explain/explanations', 'says what a pass that did not wait spent its time with'],
    ['workbench/sessions-workbench', 'has nothing in the console of the workbench about nodes of the tree'],
    ['unit/timeline/mark-layout', 'do not hide one another', 'are one with their number', 'hide no other, stand near'],
  ],
  '24 pods that look like no kubelet wrote them': [
    [
      'unit/kubernetes/kubelet',
      'Simulated pods carry what kubelets and the scheduler write',
      'Deletion of simulated pods',
    ],
    ['unit/kubernetes/pod-lives', 'Lives of pods that people write'],
  ],
  '25 kubectl with lists': [
    ['conformance/kubectl', 'kubectl against the embedded cluster'],
    ['unit/serve/load-objects', 'takes lists and documents as they are', '--data takes such a file too'],
  ],
  '26 what charts and restore look at': [
    ['conformance/api-embedded', 'the embedded API server answers as the recorded'],
  ],
  '27 Node.js older than 22.15': [['cli/older-node', 'arc-lab with a Node.js older than 22.15']],
  '28 metrics of controller-runtime': [
    ['unit/model/metrics', 'show the passes in progress', 'are those of controller-runtime'],
  ],
  '29 vsix, --version and help': [
    ['cli/older-node', 'the build'],
    ['cli/usage', '--version: the version of the package', 'help of one command'],
  ],
};

/** How a name may begin: quotes within it are written in several ways. */
function hasTest(source: string, name: string): boolean {
  return ["'", '"', '`'].some(
    (quote) => new RegExp(`\\b(it|describe)\\(\\s*${quote}`).test(source) && source.includes(quote + name),
  );
}

describe('what was found in use', () => {
  it('is all of it here', () => {
    assert.deepEqual(
      Object.keys(FOUND).map((item) => parseInt(item, 10)),
      Array.from({ length: 29 }, (_, index) => index + 1),
    );
  });

  for (const [item, tests] of Object.entries(FOUND)) {
    it(`has its tests: ${item}`, () => {
      for (const [file, ...names] of tests) {
        const source = readFileSync(new URL(`${file}.test.ts`, TESTS), 'utf8');
        for (const name of names) assert.ok(hasTest(source, name), `${file} has no test called "${name}…"`);
      }
    });
  }
});
