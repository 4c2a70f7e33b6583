import type { DebugProtocol } from '@vscode/debugprotocol';

const LINES = ['line', 'endLine'];
const COLUMNS = ['column', 'endColumn'];

/** Lines and columns of an editor, which may count them from 0; here they are counted from 1, and 0 is none. */
export class ClientLines {
  #fewerLines = 0;
  #fewerColumns = 0;

  learn({ linesStartAt1 = true, columnsStartAt1 = true }: Partial<DebugProtocol.InitializeRequestArguments>): void {
    this.#fewerLines = linesStartAt1 ? 0 : 1;
    this.#fewerColumns = columnsStartAt1 ? 0 : 1;
  }

  /** What an editor sends, as it is meant here. */
  read(arguments_: unknown): unknown {
    return this.#shifted(arguments_, 1);
  }

  /** What an editor is sent, as it counts. */
  write(body: unknown): unknown {
    return this.#shifted(body, -1);
  }

  #shifted(value: unknown, direction: 1 | -1): unknown {
    if (this.#fewerLines + this.#fewerColumns === 0 || typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.#shifted(item, direction));
    const fields = Object.entries(value).map(([name, field]: [string, unknown]): [string, unknown] => {
      if (typeof field !== 'number') return [name, this.#shifted(field, direction)];
      const by = LINES.includes(name) ? this.#fewerLines : COLUMNS.includes(name) ? this.#fewerColumns : 0;
      const isNone = direction === -1 && field === 0;
      return [name, isNone ? field : field + direction * by];
    });
    return Object.fromEntries(fields);
  }
}
