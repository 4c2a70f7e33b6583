import { visibleText } from './visible-text.ts';

/** Text as it may stand between tags and in quoted attributes of HTML and SVG. */
export function escapeMarkup(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
