import { t } from '@vscode/l10n';
import { addTo } from '../base/group.ts';
import { counted, namesInWords, thousands } from '../base/count-words.ts';
import type { EvidenceLine, Finding } from './finding.ts';

/**
 * Findings of one cause as one: the first of them.
 * @param findings the most important first
 */
export function oneCause(findings: readonly Finding[]): Finding[] {
  const held = findings.filter(({ id }) => id === 'held-call');
  const isTold = (finding: Finding): boolean =>
    finding.id === 'never-touched' && held.some((call) => isWithin(finding, call));
  const kept: Finding[] = [];
  // A log may have thousands of findings: only those that may have something to do with one another are compared.
  const places = new Map<string, number>();
  const calls: Finding[] = [];
  const parts = new Map<Finding, Finding[]>();
  for (const finding of findings) {
    if (isTold(finding)) continue;
    const { id, cause } = finding;
    const same = cause === undefined ? undefined : places.get(cause);
    const isOfCall = id === 'held-call' || id === 'service-slow';
    const whole = isOfCall ? calls.find((main) => isPartOf(finding, main)) : undefined;
    if (same !== undefined) {
      kept[same] = withOther(kept[same] as Finding, finding);
    } else if (whole === undefined) {
      if (cause !== undefined) places.set(cause, kept.length);
      if (isOfCall) calls.push(finding);
      kept.push(finding);
    } else addTo(parts, whole, finding);
  }
  return kept.map((main) => withParts(main, parts.get(main) ?? []));
}

/** Different evidence of the same: what it adds are runners. */
function withOther(main: Finding, other: Finding): Finding {
  const more = other.runners.filter((name) => !main.runners.includes(name));
  return {
    ...main,
    details: more.length === 0 ? main.details : [...main.details, t('The same holds for {0}.', namesInWords(more))],
    runners: [...main.runners, ...more],
    evidence: [...main.evidence, ...other.evidence.slice(0, 1)],
  };
}

/** A call that held a worker explains a late pod, and the other way round. Both are of either kind. */
function isPartOf(finding: Finding, main: Finding): boolean {
  if (finding.id === main.id) return false;
  const [held, slow] = finding.id === 'held-call' ? [finding, main] : [main, finding];
  return slow.runners.includes(held.runners[0] ?? '');
}

/** Runners that nobody looked at waited for the worker that a call held. */
function isWithin({ runners }: Finding, main: Finding): boolean {
  const known = new Set(main.runners);
  return runners.every((name) => known.has(name));
}

/** Of several parts the first is a detail; the others say the same of other runners. */
function withParts(main: Finding, parts: readonly Finding[]): Finding {
  const [first, ...others] = parts;
  if (first === undefined) return main;
  const burst = main.burst ?? first.burst;
  const isNew = ({ at }: EvidenceLine): boolean =>
    main.evidence.every((line) => line.at.source !== at.source || line.at.line !== at.line);
  return {
    ...main,
    details: [
      ...main.details,
      first.asDetail ?? first.sentence,
      ...(others.length === 0
        ? []
        : [
            counted(
              others.length,
              t('1 more call held a worker for long.'),
              t('{0} more calls held workers for long.', thousands(others.length)),
            ),
          ]),
    ],
    evidence: [...main.evidence, ...first.evidence.slice(0, 1).filter(isNew)],
    ...(burst === undefined ? {} : { burst }),
  };
}
