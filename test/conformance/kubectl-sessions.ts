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

/** The kinds and fields that ARC's two charts set, in their order. */
const CHARTS = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: controller, namespace: "{ns}", labels: {app.kubernetes.io/part-of: gha-rs-controller}}
---
apiVersion: v1
kind: Secret
metadata: {name: github, namespace: "{ns}", finalizers: [lab.example/cleanup-protection]}
stringData: {github_token: none}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: "{ns}-controller"}
rules:
- {apiGroups: [actions.github.com], resources: [ephemeralrunners, ephemeralrunners/status], verbs: [get, list, watch, patch]}
- {apiGroups: [""], resources: [pods], verbs: [list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "{ns}-controller"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "{ns}-controller"}
subjects: [{kind: ServiceAccount, name: controller, namespace: "{ns}"}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: listener, namespace: "{ns}"}
rules: [{apiGroups: [""], resources: [secrets], verbs: [create, delete, get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: listener, namespace: "{ns}"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: listener}
subjects: [{kind: ServiceAccount, name: controller}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: hooks, namespace: "{ns}"}
data: {content: "spec: {}"}
---
apiVersion: v1
kind: Service
metadata: {name: metrics, namespace: "{ns}"}
spec: {selector: {app: controller}, ports: [{name: metrics, port: 8080, targetPort: metrics}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: controller, namespace: "{ns}", labels: {app.kubernetes.io/version: 0.12.1}}
spec:
  replicas: 1
  selector: {matchLabels: {app: controller}}
  template:
    metadata: {labels: {app: controller}, annotations: {kubectl.kubernetes.io/default-container: manager}}
    spec:
      serviceAccountName: controller
      containers:
      - name: manager
        image: ghcr.io/actions/gha-runner-scale-set-controller:0.12.1
        imagePullPolicy: IfNotPresent
        command: [/manager]
        args: [--auto-scaling-runner-set-only, --log-level=debug]
        ports: [{containerPort: 8080, name: metrics, protocol: TCP}]
        env: [{name: CONTROLLER_MANAGER_POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}]
        volumeMounts: [{mountPath: /tmp, name: tmp}]
      terminationGracePeriodSeconds: 10
      volumes: [{name: tmp, emptyDir: {}}]
---
apiVersion: actions.github.com/v1alpha1
kind: AutoscalingRunnerSet
metadata: {name: set, namespace: "{ns}", annotations: {actions.github.com/values-hash: abc}}
spec:
  githubConfigUrl: https://github.example.test/org
  githubConfigSecret: github
  maxRunners: 5
  template: {spec: {restartPolicy: Never, containers: [{name: runner, image: "runner:1"}]}}
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
  {
    name: 'what charts of ARC render is applied, twice, with definitions, and scaled',
    steps: [
      { args: 'apply -f -', input: CHARTS },
      { args: 'apply -f -', input: CHARTS },
      { args: 'diff -f -', input: CHARTS },
      { args: 'scale deployment controller -n {ns} --replicas=0' },
      { args: 'get deployment controller -n {ns} -o jsonpath={.spec.replicas}/{.metadata.generation}' },
      { args: 'scale deployment controller -n {ns} --replicas=2 --current-replicas=1' },
      { args: 'get deployments,services,roles,rolebindings -n {ns} -o name' },
      { args: 'delete -f -', input: CHARTS },
    ],
  },
];
