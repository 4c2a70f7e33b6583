import { clean } from './clean.ts';

/** Lines by which something is known that is no log, and what to give in its place: each the end of a sentence. */
const KNOWN: readonly { readonly by: RegExp; readonly says: string | ((match: RegExpExecArray) => string) }[] = [
  {
    by: /^\{"type":"header","version":\d+,/,
    says: 'is a trace of this lab, which needs no explaining; open it in VS Code',
  },
  {
    by: /^No resources found/,
    says: 'says that kubectl found nothing; check its --namespace',
  },
  {
    by: /^Error from server \(BadRequest\): container "([^"]+)" in pod "([^"]+)" is (waiting to start|not available|terminated)(?:: (.+))?/,
    says: ([, container = '', pod = '', , why = '']) => {
      const because = why === '' ? '' : `: ${clean(why)}`;
      return `has no log: container ${clean(container)} of pod ${clean(pod)} has not started${because}; read kubectl describe pod ${clean(pod)}`;
    },
  },
  {
    by: /^(?:Error from server(?: \((\w+)\))?|[Ee]rror|Unable to connect to the server): (.+)/,
    says: ([line, reason = '', said = '']) => {
      const words = clean(said.trim()).replace(/\.$/, '');
      return `has only an error of kubectl: ${words}; ${kubectlAdvice(`${reason} ${line}`)}`;
    },
  },
  {
    by: /^(?:NAMESPACE {2,})?NAME(?: {2,}|\t)\S.*/,
    says: 'is a table of kubectl get, which leaves most out; give what the same command prints with -o yaml',
  },
  {
    by: /^Name: {2,}\S/,
    says: 'is what kubectl describe printed; give what kubectl get prints with -o yaml',
  },
  {
    by: /^(?:goroutine \d+ \[|panic: |\t\S+\.go:\d+|\S+\.\(\*\w+\)\.\w+\(?)/,
    says: 'is a stack trace without the lines around it; give the log from before it on',
  },
  {
    by: /^(?!.{0,60}\d{4}-\d\d-\d\dT).{0,60}\s(?:DEBUG|INFO|WARN|ERROR)\s+(?:EphemeralRunner(?:Set)?|Autoscaling(?:RunnerSet|Listener)|listener-app[\w.]*)\s|\btime=(?!\d{4}-\d\d-\d\dT).{1,60} level=(?:DEBUG|INFO|WARN|ERROR) /,
    says: 'has lines of ARC whose times are in a form that is not read; give what kubectl logs printed',
  },
];

/** What to do about what kubectl could not do. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/Unauthorized|must be logged in|provide credentials/i, 'log in to the cluster again'],
  [/Forbidden/i, 'ask for the right that it names'],
  [/previous terminated container/i, 'the container has not been restarted, so leave out --previous'],
  [/NotFound|not found|doesn't have a resource type/i, 'check the name, --namespace and --context'],
  [
    /Unable to connect|dial tcp|refused|timeout|timed out|no such host|certificate|x509/i,
    'check --context and the way to the API server',
  ],
];

function kubectlAdvice(said: string): string {
  return ADVICE.find(([by]) => by.test(said))?.[1] ?? 'correct that and run it again';
}

/** What a file is that has nothing to tell, in the words of a sentence's end; undefined where that is not known. */
export function whatItIs(line: string): string | undefined {
  for (const { by, says } of KNOWN) {
    const match = by.exec(line);
    if (match !== null) return typeof says === 'string' ? says : says(match);
  }
  return undefined;
}
