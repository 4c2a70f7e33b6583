type Child = Node | string;

/** An element with attributes and children; text is always text, never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The element with the id, which the page's markup has. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found as T;
}

/** Writes a text, unless it stands there already: the browser would lay the page out again. */
export function write(id: string, text: string): void {
  const found = byId(id);
  if (found.textContent !== text) found.textContent = text;
}

export function show(id: string, isShown: boolean): void {
  const found = byId(id);
  if (found.hidden === isShown) found.hidden = !isShown;
}

export function setAttribute(id: string, name: string, value: string): void {
  const found = byId(id);
  if (found.getAttribute(name) !== value) found.setAttribute(name, value);
}
