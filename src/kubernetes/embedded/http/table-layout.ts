import type { ApiObject } from '../../types.ts';
import { since } from './human-duration.ts';

/** What tables are made of. */

/** A column of `kubectl get`; priority 1 is shown with `-o wide`. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly priority?: number;
}

export interface TableLayout {
  readonly columns: readonly Column[];
  readonly cells: (object: ApiObject, nowMs: number) => readonly unknown[];
}

const NAME: Column = { name: 'Name', type: 'string', format: 'name' };
export const AGE: Column = { name: 'Age', type: 'string' };
export const text = (name: string, priority = 0): Column => ({ name, type: 'string', priority });

export function layout<T extends ApiObject>(
  columns: readonly Column[],
  cells: (object: T, nowMs: number) => readonly unknown[],
): TableLayout {
  return {
    columns: [NAME, ...columns],
    cells: (object, nowMs) => [object.metadata.name, ...cells(object as T, nowMs)],
  };
}

export const age = ({ metadata }: ApiObject, nowMs: number): string => since(metadata.creationTimestamp, nowMs);
