import { t } from '@vscode/l10n';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Scope } from './scopes.ts';

/** Something whose parts an editor may ask for. */
export interface Expandable {
  readonly value: unknown;
  readonly object?: string;
  readonly path: readonly string[];
  readonly isEditable?: boolean;
}

/** A value as an editor shows it: in a line, and opened by its reference where it has parts; 0 where it has none. */
interface ShownValue {
  readonly text: string;
  readonly variablesReference: number;
}

/**
 * What an editor has been shown where the run stands. References of one stop are never given again at a later one: an editor
 * that is late would change something else with them.
 */
export class Variables {
  #known = new Map<number, Expandable>();
  #last = 0;

  /** The run stands elsewhere, or in another future. */
  forget(): void {
    this.#known = new Map();
  }

  /** Undefined for what was shown at an earlier stop. */
  get(reference: number): Expandable | undefined {
    return this.#known.get(reference);
  }

  scope({ name, value, object, isEditable }: Scope): DebugProtocol.Scope {
    const variablesReference = this.#add({
      value: typeof value === 'object' && value !== null ? value : { '': value },
      path: [],
      ...(object === undefined ? {} : { object }),
      ...(isEditable === undefined ? {} : { isEditable }),
    });
    return { name, expensive: false, variablesReference };
  }

  /** The parts of what a reference leads to; none for what was shown at an earlier stop. */
  parts(reference: number, start = 0, count?: number): DebugProtocol.Variable[] {
    const parent = this.get(reference);
    const entries = Object.entries((parent?.value ?? {}) as Record<string, unknown>);
    return entries.slice(start, count === undefined ? undefined : start + count).map(([name, value]) => {
      const { text, variablesReference } = this.show(value, name, parent);
      return {
        ...{ name, value: text, type: Array.isArray(value) ? 'list' : typeof value, variablesReference },
        ...(parent?.isEditable === true ? {} : { presentationHint: { attributes: ['readOnly'] } }),
        ...(Array.isArray(value) ? { indexedVariables: value.length } : {}),
      };
    });
  }

  show(value: unknown, name: string, parent?: Expandable): ShownValue {
    const hasParts = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
    if (!hasParts) return { text: textOf(value), variablesReference: 0 };
    const path = [...(parent?.path ?? []), name];
    return { text: textOf(value), variablesReference: this.#add({ ...parent, value, path }) };
  }

  #add(expandable: Expandable): number {
    this.#known.set(++this.#last, expandable);
    return this.#last;
  }
}

/** What to say of a reference that is no longer known. */
export const EARLIER = (): string =>
  t(
    'These variables are of an earlier stop, and the run has moved or was changed since: choose them again among those of where it stands now.',
  );

function itemsText(count: number): string {
  if (count === 0) return '[]';
  return count === 1 ? t('1 item') : t('{0} items', count);
}

const MOST_CHARACTERS = 80;

function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return itemsText(value.length);
  const text = JSON.stringify(value);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 3)}…`;
}
