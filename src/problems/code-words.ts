import { t } from '@vscode/l10n';

/** Words for what Kubernetes has no reason for. Every other code is a reason or an exit code, which people search for. */
const OWN: ReadonlyMap<string, () => string> = new Map([
  ['NoPod', () => t('no pod')],
  ['NotScheduled', () => t('not scheduled')],
  ['NotStarted', () => t('not started by its node')],
  ['InitRunning', () => t('an init container still runs')],
  ['PodFailed', () => t('pod failed')],
]);

/** What to call a problem where there is room for a word or two. */
export function codeWords(code: string): string {
  return OWN.get(code)?.() ?? code;
}

/** `Pod cannot pull its image (ImagePullBackOff)`: the reason stands beside what it means, where Kubernetes has one. */
export function withReason(what: string, code: string): string {
  return OWN.has(code) || what.includes(code) ? what : `${what} (${code})`;
}

/** `ImagePullBackOff: Pod cannot pull its image`: the same for a line that is cut at its end. */
export function reasonFirst(code: string, what: string): string {
  return OWN.has(code) ? what : `${code}: ${what}`;
}
