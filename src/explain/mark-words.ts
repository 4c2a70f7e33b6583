import { t } from '@vscode/l10n';
import { utcText } from '../base/utc-text.ts';
import { visibleText } from '../base/visible-text.ts';
import type { MarkEvent } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/**
 * What concerns a whole trace, one sentence each: when its controller started, what its log leaves out. Gaps with both
 * ends are drawn, and faults are differences that the verdict names.
 */
export function markSentences({ marks, header }: TraceLog): string[] {
  return [...new Set(marks.map((mark) => sentence(mark, Date.parse(header.start))))].filter((text) => text !== '');
}

function sentence({ what, text = '', at, until }: MarkEvent, epochMs: number): string {
  const when = utcText(new Date(epochMs + at / 1000));
  const said = visibleText(text);
  switch (what) {
    case 'controller-started':
      return said === '' ? t('The controller started at {0}.', when) : t('{0} at {1}.', said, when);
    case 'leader-changed':
      return t('Another controller took over at {0}.', when);
    case 'gap':
      return until === undefined ? t('Data is missing for a while from {0} on.', when) : '';
    case 'sampled':
      return said === ''
        ? t('The log drops repeated lines when there are many, so passes and requests are missing here.')
        : t('The log dropped {0} repeated lines, so passes and requests are missing here.', said);
    case 'fault':
      return '';
    case undefined:
      return said === '' ? '' : `${when}: ${said}`;
  }
}
