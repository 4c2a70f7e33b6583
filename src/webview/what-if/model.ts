import type { HostMessage } from '../../protocol.ts';
import type {
  Basis,
  ComparedRow,
  CurveOfOne,
  EffectsOfOne,
  Field,
  FieldId,
  FieldValues,
  Patch,
  WhatIfHostMessage,
  WhatIfPageMessage,
  WhatIfState,
} from '../../what-if-protocol.ts';

/** A sentence with what its figures rest on. */
export interface Said {
  readonly text: string;
  readonly basis: Basis | null;
}

const NOTHING: Said = { text: '', basis: null };

/** All that the page knows: what was computed, and what somebody has written and tried. It needs no document. */
export class WhatIfModel {
  title = '';
  source = '';
  fields: readonly Field[] = [];
  progress = '';
  isDone = false;
  failure = '';
  now = NOTHING;
  found: Said & { readonly values: FieldValues | null } = { ...NOTHING, values: null };
  growth: readonly Said[] = [];
  curve: CurveOfOne | undefined;
  patch: Patch | undefined;
  compared: Said & { readonly rows: readonly ComparedRow[] } = { ...NOTHING, rows: [] };
  tried: FieldValues;
  readonly #post: (message: WhatIfPageMessage) => void;
  readonly #onTimeline: (message: HostMessage) => void;
  #effects: readonly EffectsOfOne[] = [];
  #values: FieldValues;
  #subject: unknown;
  /** Somebody has written or tried something on this page. */
  #isChanged = false;
  /** What is tried has been sent, and the compared timeline has not come. */
  #isTrying = false;
  /** It has been changed meanwhile. */
  #triesAgain = false;

  constructor(
    post: (message: WhatIfPageMessage) => void,
    onTimeline: (message: HostMessage) => void,
    kept: WhatIfState | undefined,
  ) {
    this.#post = post;
    this.#onTimeline = onTimeline;
    this.#values = kept?.values ?? {};
    this.tried = kept?.tried ?? {};
    this.#subject = kept?.subject;
  }

  /** What is to be known again when the page has been hidden, or the window loaded again. */
  get state(): WhatIfState {
    return { version: 1, subject: this.#subject, values: this.#values, tried: this.tried };
  }

  /** What does the most first. */
  get effects(): readonly EffectsOfOne[] {
    return [...this.#effects].sort((a, b) => mostUs(b) - mostUs(a));
  }

  ready(): void {
    this.#post({ type: 'ready', values: this.#values, tried: this.tried });
  }

  /** Somebody has written in a field. */
  write(id: FieldId, value: string): void {
    this.#isChanged = true;
    this.#values = { ...this.#valuesOfFields(), ...this.#values, [id]: value };
    // The field shows it until the engine answers, not what it held before.
    this.fields = this.fields.map((field) => (field.id === id ? { ...field, value } : field));
    this.#post({ type: 'ask', values: this.#values });
  }

  /** Somebody tries a value in place of that of a field; what is the same as there is not tried. */
  try(id: FieldId, value: string): void {
    const { [id]: _, ...others } = this.tried;
    const isSame = this.fields.find((field) => field.id === id)?.value === value;
    this.tryAll(isSame ? others : { ...others, [id]: value });
  }

  /** While the timeline of what was tried before is on its way, only the last of what is tried meanwhile counts. */
  tryAll(values: FieldValues): void {
    this.#isChanged = true;
    this.tried = values;
    if (this.#isTrying) {
      this.#triesAgain = true;
      return;
    }
    this.#isTrying = true;
    this.#post({ type: 'try', values });
  }

  receive(message: WhatIfHostMessage): void {
    switch (message.type) {
      case 'subject':
        this.#subject = message.subject;
        if (this.#isChanged) break;
        this.#values = message.values;
        this.tried = message.tried;
        break;
      case 'fields':
        this.title = message.title;
        this.source = message.source;
        this.fields = message.fields;
        break;
      case 'begin':
        Object.assign(this, { progress: '', isDone: false, failure: '', now: NOTHING, growth: [], curve: undefined });
        this.found = { ...NOTHING, values: null };
        this.#effects = [];
        break;
      case 'progress':
        this.progress = message.text;
        this.isDone = message.isDone;
        break;
      case 'now':
        this.now = message;
        break;
      case 'effects':
        this.#effects = [...this.#effects.filter(({ id }) => id !== message.effects.id), message.effects];
        break;
      case 'curve':
        this.curve = message.curve ?? undefined;
        break;
      case 'found':
        this.found = message;
        break;
      case 'growth':
        this.growth = [...this.growth, message];
        break;
      case 'patch':
        this.patch = message.patch ?? undefined;
        break;
      case 'compared':
        this.compared = message;
        break;
      case 'timeline':
        this.#onTimeline(message.message);
        if (message.message.type === 'loaded') this.#tried();
        break;
      case 'failed':
        this.failure = message.text;
        this.#tried();
        break;
    }
  }

  /** The timeline of what was tried has come, or never will. */
  #tried(): void {
    this.#isTrying = false;
    if (!this.#triesAgain) return;
    this.#triesAgain = false;
    this.tryAll(this.tried);
  }

  #valuesOfFields(): FieldValues {
    return Object.fromEntries(this.fields.map(({ id, value }) => [id, value]));
  }
}

/** The larger of the two changes; where runners get no pod it is the largest. */
function mostUs({ ends }: EffectsOfOne): number {
  return Math.max(...ends.map(({ soonerUs }) => (soonerUs === null ? Infinity : Math.abs(soonerUs))));
}
