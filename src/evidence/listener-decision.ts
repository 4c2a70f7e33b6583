import { numberField } from './fields.ts';
import type { LogRecord } from './log-record.ts';

/** The numbers of a line in which a listener decides how many runners it wants; undefined where the line does not have one. */
interface DecisionNumbers {
  readonly assigned: number | undefined;
  readonly decision: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly current: number | undefined;
}

/** A number that the end of a cut line may have shortened. */
const LAST_NUMBER = /"currentRunnerCount":\s*\d+\}?$/;

export function decisionIn({ fields, isCut }: LogRecord): DecisionNumbers {
  const mayBeCut = isCut === true && LAST_NUMBER.test(fields);
  return {
    assigned: numberField(fields, 'assigned job'),
    decision: numberField(fields, 'decision'),
    min: numberField(fields, 'min'),
    max: numberField(fields, 'max'),
    current: mayBeCut ? undefined : numberField(fields, 'currentRunnerCount'),
  };
}
