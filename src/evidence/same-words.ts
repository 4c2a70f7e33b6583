const CHANGING: readonly RegExp[] = [
  // In an order of its own each time, with each pod's token among them.
  /,? ?unattached volumes=\[[^\]]*\]/g,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g,
  /\b[0-9a-f]{16,}\b/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
  /\b(?:\d+(?:\.\d+)?(?:ms|h|m|s))+\b/g,
  /\b\d+\/\d+(?= nodes?\b)/g,
  /\b\d+(?= (?:Insufficient|node\(s\)|nodes?\b|Too many|No preemption|Preemption))/g,
];

/** What Kubernetes says of a runner without what differs from one runner to the next: its name, ids, addresses, counts of nodes. */
export function sameWords(words: string, runner: string): string {
  return CHANGING.reduce((text, pattern) => text.replace(pattern, '#'), words.replaceAll(runner, '#'));
}
