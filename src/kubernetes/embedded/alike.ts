type Fields = Readonly<Record<string, unknown>>;

/** A part of objects of one form: the same in all of them, a value of each one's own, or made of such parts. */
type Part =
  | { readonly is: 'shared'; readonly value: unknown }
  | { readonly is: 'own'; readonly slot: number }
  | { readonly is: 'array'; readonly items: readonly Part[] }
  | { readonly is: 'object'; readonly keys: readonly string[]; readonly values: readonly Part[] };

/** More than this many forms are no forms: what else comes is kept as it is. */
const MOST_FORMS = 16;

/**
 * Keeps objects of JSON that are alike in little memory: what thousands of pods have in common is there once, and each
 * holds what is its own. What comes back is read, listed, copied and written as JSON as the object that was given, with
 * fields in the same order; objects and arrays within it that are not shared are made whenever somebody looks at them.
 */
export class Alike {
  /** What was found last comes first. */
  readonly #forms: Form[] = [];
  /** What is of no form yet. */
  #last: Fields | undefined;

  /** The object in little memory, or itself where others are not like it. It must not be changed any more. */
  kept<T extends object>(object: T): T {
    const fields = object as Fields;
    for (const [place, form] of this.#forms.entries()) {
      const own = form.ownOf(fields);
      if (own === undefined) continue;
      if (place > 0) this.#forms.unshift(...this.#forms.splice(place, 1));
      return form.make(own) as T;
    }
    if (this.#forms.length === MOST_FORMS) return object;
    const form = this.#last === undefined ? undefined : Form.ofBoth(this.#last, fields);
    this.#last = fields;
    if (form !== undefined) this.#forms.unshift(form);
    return object;
  }
}

/** Whether the object is kept in the little memory that Alike needs. */
export function isKeptAlike(object: object): boolean {
  return Object.hasOwn(object, slot(0));
}

/** The names of the fields that hold what is an object's own; neither listed nor copied. */
const SLOTS: symbol[] = [];

function slot(index: number): symbol {
  return (SLOTS[index] ??= Symbol(`own ${index}`));
}

/** The form of objects that differ in numbers and texts in the same places. */
class Form {
  readonly #keys: readonly string[];
  readonly #values: readonly Part[];
  readonly #fields: readonly PropertyDescriptor[];
  readonly #slots: readonly symbol[];
  /** One a form: objects made by one constructor get as much room as these need, and are plain objects otherwise. */
  readonly #Holder: new () => Record<symbol, unknown>;

  private constructor(keys: readonly string[], values: readonly Part[], slots: number) {
    this.#keys = keys;
    this.#values = values;
    this.#slots = Array.from({ length: slots }, (_, index) => slot(index));
    this.#fields = values.map((part) => ({ get: getterOf(part), enumerable: true, configurable: true }));
    const holder = function (): void {
      // It has nothing yet.
    };
    holder.prototype = Object.prototype as object;
    this.#Holder = holder as unknown as new () => Record<symbol, unknown>;
  }

  /** What two objects have in common; undefined where they are built otherwise, or are the same. */
  static ofBoth(one: Fields, other: Fields): Form | undefined {
    const pairs: [unknown, unknown][] = [];
    const part = partOf(one, other, pairs);
    return part?.is === 'object' ? new Form(part.keys, part.values, pairs.length) : undefined;
  }

  /** What is an object's own; undefined where it is not of this form. */
  ownOf(object: Fields): readonly unknown[] | undefined {
    const own: unknown[] = [];
    return matchesFields(object, this.#keys, this.#values, own) ? own : undefined;
  }

  make(own: readonly unknown[]): object {
    const object = new this.#Holder();
    for (let index = 0; index < this.#slots.length; index++) {
      Object.defineProperty(object, this.#slots[index] as symbol, { value: own[index] });
    }
    for (let index = 0; index < this.#keys.length; index++) {
      Object.defineProperty(object, this.#keys[index] as string, this.#fields[index] as PropertyDescriptor);
    }
    return object;
  }
}

type Holder = Readonly<Record<symbol, unknown>>;

/** One function a part, which all objects of the form share. */
function getterOf(part: Part): (this: Holder) => unknown {
  if (part.is === 'shared') return () => part.value;
  if (part.is !== 'own') {
    return function (this: Holder) {
      return made(part, this);
    };
  }
  const own = slot(part.slot);
  return function (this: Holder) {
    return this[own];
  };
}

function made(part: Part, holder: Holder): unknown {
  if (part.is === 'shared') return part.value;
  if (part.is === 'own') return holder[slot(part.slot)];
  if (part.is === 'array') return part.items.map((item) => made(item, holder));
  const object: Record<string, unknown> = {};
  for (let index = 0; index < part.keys.length; index++) {
    object[part.keys[index] as string] = made(part.values[index] as Part, holder);
  }
  return object;
}

/** @param pairs of values that differ, each once: what is equal in both of two places is taken to be always */
function partOf(one: unknown, other: unknown, pairs: [unknown, unknown][]): Part | undefined {
  if (one === other) return { is: 'shared', value: one };
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return undefined;
    const items = partsOf(one, other, pairs);
    return items && (items.every(isShared) ? { is: 'shared', value: one } : { is: 'array', items });
  }
  if (isObject(one)) {
    if (!isObject(other) || Array.isArray(other)) return undefined;
    const [keys, others] = [Object.keys(one), Object.keys(other)];
    // Assigned, this key would not become a field.
    if (keys.length !== others.length || keys.includes('__proto__')) return undefined;
    if (keys.some((key, index) => others[index] !== key)) return undefined;
    const values = partsOf(Object.values(one), Object.values(other), pairs);
    return values && (values.every(isShared) ? { is: 'shared', value: one } : { is: 'object', keys, values });
  }
  if (typeof other === 'object' && other !== null) return undefined;
  const known = pairs.findIndex(([first, second]) => first === one && second === other);
  return { is: 'own', slot: known >= 0 ? known : pairs.push([one, other]) - 1 };
}

function partsOf(
  ones: readonly unknown[],
  others: readonly unknown[],
  pairs: [unknown, unknown][],
): Part[] | undefined {
  const parts: Part[] = [];
  for (let index = 0; index < ones.length; index++) {
    const part = partOf(ones[index], others[index], pairs);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts;
}

function isShared({ is }: Part): boolean {
  return is === 'shared';
}

/** @param own gets what is the object's own */
function matches(value: unknown, part: Part, own: unknown[]): boolean {
  if (part.is === 'shared') return isSame(value, part.value);
  if (part.is === 'own') {
    if (typeof value === 'object' && value !== null) return false;
    if (part.slot < own.length) return own[part.slot] === value;
    own.push(value);
    return true;
  }
  if (part.is === 'object') return isObject(value) && matchesFields(value, part.keys, part.values, own);
  if (!Array.isArray(value) || value.length !== part.items.length) return false;
  for (let index = 0; index < value.length; index++) {
    if (!matches(value[index], part.items[index] as Part, own)) return false;
  }
  return true;
}

function matchesFields(object: Fields, keys: readonly string[], parts: readonly Part[], own: unknown[]): boolean {
  let index = 0;
  for (const key in object) {
    if (key !== keys[index] || !matches(object[key], parts[index] as Part, own)) return false;
    index++;
  }
  return index === keys.length;
}

/** Whether two parts of objects are equal, with their fields in the same order: JSON of both is the same. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((item, at) => isSame(item, other[at]));
  }
  if (!isObject(one) || !isObject(other) || Array.isArray(other)) return false;
  const keys = Object.keys(other);
  let index = 0;
  for (const key in one) {
    if (key !== keys[index] || !isSame(one[key], other[key])) return false;
    index++;
  }
  return index === keys.length;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
