import { t } from '@vscode/l10n';
import { linesOfPass } from '../analysis/lines-of-pass.ts';
import { wasteOf } from '../analysis/waste/all.ts';
import type { Waste } from '../analysis/waste/waste.ts';
import type { Explanation } from '../evidence/explain.ts';
import type { EvidenceLine, Finding } from '../evidence/finding.ts';
import { remedyText, wasteSentence } from '../explain/waste-words.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** What took less in all is not worth a finding. */
const NOTABLE_US = 100_000;

/**
 * An explanation with what its logs' controller did for nothing, as findings that are good to know. They come last: none of
 * them says why runners start late or hang.
 * @param trace of the same logs
 */
export function withWaste(explanation: Explanation, trace: TraceLog | undefined): Explanation {
  if (trace === undefined) return explanation;
  const version = explanation.release?.versions.at(-1);
  const found = wasteOf(trace)
    .filter(({ us }) => us >= NOTABLE_US)
    .map((waste) => findingOf(trace, waste, version));
  return { ...explanation, findings: [...explanation.findings, ...found] };
}

function findingOf(trace: TraceLog, waste: Waste, version: string | undefined): Finding {
  const { kind, us, worst } = waste;
  const remedy = remedyText(waste, version);
  return {
    id: `waste-${kind.replaceAll(' ', '-')}`,
    severity: 'note',
    sentence: wasteSentence(waste),
    details: [],
    runners: [splitKey(worst.object).name],
    evidence: evidenceOf(trace, waste),
    confidence: 'sure',
    advice: remedy === '' ? t('No release and no setting changes that.') : remedy,
    weightUs: us,
  };
}

/** The first and the last line of the pass in which it took longest. */
function evidenceOf(trace: TraceLog, { worst: { pass, atUs } }: Waste): EvidenceLine[] {
  const lines = pass === undefined ? [] : linesOfPass(trace, pass);
  const us = Date.parse(trace.header.start) * 1000 + atUs;
  const says = [t('the pass in which it took longest begins'), t('the pass ends')];
  return [lines[0], ...(lines.length > 1 ? [lines.at(-1)] : [])].flatMap((line, index) => {
    if (line === undefined) return [];
    const withinUs = trace.header.sources[line.source]?.resolutionUs ?? 1;
    return [{ at: { ...line, at: { us, withinUs } }, says: says[index] ?? '' }];
  });
}
