/**
 * Control characters, and those that change the direction of the text around them: in a terminal they are commands, in a
 * list they make one name look like another.
 */
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text from a cluster or a file, safe to show: invisible characters are written as their codes, `\u{1b}`. */
export function visibleText(text: string): string {
  // Nearly every text is visible, and looking costs far less than replacing nothing.
  if (text.search(INVISIBLE) < 0) return text;
  return text.replace(INVISIBLE, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}
