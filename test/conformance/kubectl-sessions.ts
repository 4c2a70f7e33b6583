/** What a person does with kubectl, to be done with two servers alike. `{ns}` is a namespace of the session's own. */
export interface Session {
  readonly name: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly args: string;
  /** What kubectl reads; `{printed}` is what the step before printed. */
  readonly input?: string;
}

export interface Said {
  readonly args: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const LIST = `
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: "{ns}"}, data: {colour: blue}}
- apiVersion: v1
  kind: Pod
  metadata: {name: web, namespace: "{ns}", labels: {app: web}}
  spec: {containers: [{name: main, image: "image:1", resources: {limits: {cpu: 1, memory: 512Mi}}}]}
  status: {phase: Running, podIP: 10.1.2.3}
- apiVersion: actions.github.com/v1alpha1
  kind: EphemeralRunner
  metadata: {name: runner, namespace: "{ns}", finalizers: [lab.example/keep]}
  spec:
    githubConfigUrl: https://github.example.test/heron
    githubConfigSecret: heron
    runnerScaleSetId: 7
    spec: {containers: [{name: runner, image: "runner:1"}]}
  status: {phase: Running, runnerId: 4411}
`;

const KINDS = 'configmaps,pods,ephemeralrunners';

export const SESSIONS: readonly Session[] = [
  {
    name: 'a list of several kinds is created, applied, compared, replaced and deleted',
    steps: [
      { args: 'create -f -', input: LIST },
      { args: 'create -f -', input: LIST },
      { args: 'get pods,ephemeralrunners -n {ns} -o jsonpath={.items[*].status.phase}' },
      { args: 'apply -f -', input: LIST.replace('blue', 'green') },
      { args: 'diff -f -', input: LIST.replace('blue', 'red') },
      { args: 'replace -f -', input: LIST.replace('blue', 'yellow') },
      { args: 'get configmap a -n {ns} -o jsonpath={.data.colour}' },
      { args: 'patch ephemeralrunner runner -n {ns} --type=merge -p {"metadata":{"finalizers":null}}' },
      { args: 'delete -f -', input: LIST },
    ],
  },
  {
    name: 'a list of one kind, as kubectl get prints it by its own name',
    steps: [
      {
        args: 'create -f -',
        input: 'apiVersion: v1\nkind: ConfigMapList\nitems:\n- {metadata: {name: a, namespace: "{ns}"}}\n',
      },
      { args: 'apply -n {ns} -f -', input: '{"apiVersion":"v1","kind":"List","items":[]}' },
      { args: 'create --validate=strict -n {ns} -f -', input: '{"apiVersion":"v1","kind":"List"}' },
    ],
  },
  {
    name: 'what kubectl get printed goes in again: created, applied, compared and replaced',
    steps: [
      { args: 'create -f -', input: LIST },
      { args: `get ${KINDS} -n {ns} -o yaml` },
      { args: 'diff -f -', input: '{printed}' },
      { args: `get ${KINDS} -n {ns} -o yaml` },
      { args: 'replace -f -', input: '{printed}' },
      { args: `get ${KINDS} -n {ns} -o yaml --show-managed-fields` },
      { args: 'replace -f -', input: '{printed}' },
      { args: `get ${KINDS} -n {ns} -o json` },
      { args: 'apply -f -', input: '{printed}' },
      { args: 'get configmaps,pods -n {ns} -o yaml' },
      { args: 'replace --force -f -', input: '{printed}' },
      { args: 'get pod web -n {ns} -o yaml' },
      { args: 'apply -n {ns} -f -', input: '{printed}' },
      { args: 'get pod web -n {ns} -o json' },
      { args: 'delete -f -', input: '{printed}' },
    ],
  },
  {
    name: 'what was printed before a change is refused by its version',
    steps: [
      { args: 'create configmap a -n {ns} --from-literal=k=1' },
      { args: 'get configmaps -n {ns} -o yaml' },
      { args: 'replace -f -', input: '{printed}' },
      { args: 'get configmap a -n {ns} -o yaml' },
      { args: 'replace -f -', input: '{printed}' },
      {
        args: 'replace -f -',
        input: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: "{ns}", resourceVersion: "1"}\n',
      },
    ],
  },
  {
    name: 'strict validation refuses unknown fields, alone and in lists, and lets others be',
    steps: [
      { args: 'create --validate=strict -f -', input: LIST },
      {
        args: 'create --validate=strict -f -',
        input: LIST.replaceAll('image: "image:1"', 'imag: "image:1"').replaceAll('name: web', 'name: web2'),
      },
      {
        args: 'create --validate=strict -n {ns} -f -',
        input: 'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: a, image: b}], foo: 1}\n',
      },
      {
        args: 'create --validate=warn -n {ns} -f -',
        input: 'apiVersion: v1\nkind: Pod\nmetadata: {name: y}\nspec: {containers: [{name: a, image: b}], foo: 1}\n',
      },
      {
        args: 'create --validate=ignore -n {ns} -f -',
        input: 'apiVersion: v1\nkind: Pod\nmetadata: {name: z}\nspec: {containers: [{name: a, image: b}], foo: 1}\n',
      },
      {
        args: 'apply --validate=strict --dry-run=server -n {ns} -f -',
        input:
          'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, dat: {}}\n',
      },
    ],
  },
];
