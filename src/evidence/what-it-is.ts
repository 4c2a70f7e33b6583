/** Lines by which something is known that is no log, and what to give in its place: each the end of a sentence. */
const KNOWN: readonly { readonly by: RegExp; readonly says: string }[] = [
  {
    by: /^\{"type":"header","version":\d+,/,
    says: 'is a trace of this lab, which needs no explaining; open it in VS Code',
  },
  {
    by: /^No resources found/,
    says: 'says that kubectl found nothing; check its --namespace',
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
];

/** What a file is that has nothing to tell, in the words of a sentence's end; undefined where that is not known. */
export function whatItIs(line: string): string | undefined {
  return KNOWN.find(({ by }) => by.test(line))?.says;
}
