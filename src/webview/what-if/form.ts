import { t } from '@vscode/l10n';
import type { Choice, Field, FieldId, FieldValues } from '../../what-if-protocol.ts';
import { element } from '../dom.ts';

/** What somebody does in the form. */
export interface FormActions {
  write(id: FieldId, value: string): void;
  try(id: FieldId, value: string): void;
}

/** A text is taken when nothing has been written for this long. */
const WRITTEN_MS = 350;

type Input = HTMLElement & { value: string };

/** A field's row: what it holds, and a slider for what is tried in its place. */
interface Row {
  readonly row: HTMLElement;
  readonly input: Input;
  readonly about: HTMLElement;
  readonly problem: HTMLElement;
  readonly slider: HTMLInputElement | HTMLSelectElement | undefined;
  readonly shown: HTMLElement;
  /** Where the slider stops now. */
  stops: readonly number[];
  /** Something is typed that is still to be written. */
  isTyped: boolean;
}

/** The form of settings. Rows stay what they are while somebody writes in them. */
export class Form {
  readonly #box: HTMLElement;
  readonly #actions: FormActions;
  readonly #rows = new Map<FieldId, Row>();
  #order = '';

  constructor(box: HTMLElement, actions: FormActions) {
    this.#box = box;
    this.#actions = actions;
  }

  draw(fields: readonly Field[], tried: FieldValues): void {
    for (const field of fields) {
      let row = this.#rows.get(field.id);
      if (row === undefined) this.#rows.set(field.id, (row = this.#rowOf(field)));
      update(row, field, tried[field.id]);
    }
    const order = fields.map(({ id }) => id).join();
    if (order === this.#order) return;
    this.#order = order;
    this.#box.replaceChildren(...groupsOf(fields, (id) => (this.#rows.get(id) as Row).row));
  }

  #rowOf(field: Field): Row {
    const { id, label, unit, choices, stops } = field;
    const input = choices === undefined ? textField(field) : select(`now-${id}`, label, choices);
    const problem = element('span', { class: 'problem', role: 'alert' });
    const about = element('span', { class: 'faint about' });
    const shown = element('output', { class: 'tried' });
    const slider = this.#sliderOf(field, shown);
    const row = element(
      'div',
      { class: 'field' },
      element('span', { class: 'name' }, label, about),
      element('span', { class: 'value' }, input, element('span', { class: 'unit' }, unit)),
      element('span', { class: 'trying' }, ...(slider === undefined ? [] : [slider, shown])),
      problem,
    );
    const made: Row = { row, input, about, problem, slider, shown, stops, isTyped: false };
    this.#listenTo(made, id, choices === undefined);
    return made;
  }

  /** What is chosen is written at once; what is typed when somebody pauses or leaves the field. */
  #listenTo(made: Row, id: FieldId, isText: boolean): void {
    const { input } = made;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = (): void => {
      clearTimeout(timer);
      made.isTyped = false;
      this.#actions.write(id, input.value);
    };
    if (!isText) {
      input.addEventListener('change', write);
      return;
    }
    input.addEventListener('input', () => {
      made.isTyped = true;
      clearTimeout(timer);
      timer = setTimeout(write, WRITTEN_MS);
    });
    input.addEventListener('focusout', () => {
      if (made.isTyped) write();
    });
  }

  #sliderOf({ id, group, label, choices, unit }: Field, shown: HTMLElement): Row['slider'] {
    const name = t('Try another value: {0}', label);
    if (choices !== undefined) {
      const other = select(`try-${id}`, name, choices);
      other.addEventListener('change', () => this.#actions.try(id, other.value));
      return other;
    }
    if (group === 'load' || group === 'objective') return undefined;
    const slider = element('input', {
      ...{ type: 'range', id: `try-${id}`, min: '0', step: '1', 'aria-label': name },
    });
    slider.addEventListener('input', () => {
      const value = String(this.#rows.get(id)?.stops[Number(slider.value)] ?? '');
      showTried(slider, shown, value, unit);
      this.#actions.try(id, value);
    });
    return slider;
  }
}

/** What a field holds now, unless somebody writes there. */
function update(made: Row, field: Field, tried: string | undefined): void {
  const { row, input, about, problem, slider, shown } = made;
  const { value, isFixed, stops, unit } = field;
  const isWriting = made.isTyped || document.activeElement === input;
  if (input.value !== value && !isWriting) input.value = value;
  input.toggleAttribute('disabled', isFixed);
  input.toggleAttribute('invalid', field.problem !== '');
  if (problem.textContent !== field.problem) problem.textContent = field.problem;
  about.textContent = field.about;
  row.classList.toggle('is-tried', tried !== undefined);
  if (slider === undefined) return;
  slider.disabled = isFixed;
  const shownValue = tried ?? value;
  if (slider instanceof HTMLSelectElement) {
    slider.value = shownValue;
    return;
  }
  made.stops = stops;
  slider.hidden = stops.length < 2;
  slider.max = String(Math.max(0, stops.length - 1));
  slider.value = String(nearest(stops, Number(shownValue)));
  showTried(slider, shown, shownValue, unit);
}

function showTried(slider: HTMLInputElement, shown: HTMLElement, value: string, unit: string): void {
  shown.textContent = value;
  slider.setAttribute('aria-valuetext', `${value} ${unit}`.trim());
}

function nearest(stops: readonly number[], value: number): number {
  const distances = stops.map((stop) => Math.abs(stop - value));
  return distances.indexOf(Math.min(...distances));
}

function textField({ id, label, unit }: Field): Input {
  const name = unit === '' ? label : `${label}, ${unit}`;
  // No attribute sets the name of the field inside of it.
  return Object.assign(element('vscode-textfield' as 'input', { id: `now-${id}` }), { label: name });
}

function select(id: string, label: string, choices: readonly Choice[]): HTMLSelectElement {
  const options = choices.map((choice) => element('option', { value: choice.value }, choice.label));
  return element('select', { id, 'aria-label': label }, ...options);
}

function groupsOf(fields: readonly Field[], rowOf: (id: FieldId) => HTMLElement): HTMLElement[] {
  const names: Readonly<Record<Field['group'], string>> = {
    load: t('Load'),
    controller: t('Controller'),
    cluster: t('Cluster and GitHub'),
    objective: t('Objective'),
  };
  const groups = [...new Set(fields.map(({ group }) => group))];
  return groups.map((group) => {
    const rows = fields.filter((field) => field.group === group).map(({ id }) => rowOf(id));
    return element('fieldset', {}, element('legend', {}, names[group]), ...rows);
  });
}
