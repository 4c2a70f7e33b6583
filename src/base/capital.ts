/** A name that the sentence begins with stays as it is: of a file, an option, an address or an object. */
const NAME = /^\S*[\p{L}\d][./\\:_@][\p{L}\d]|^[-./\\~'"`]|^\S*\d/u;

/** A text as a sentence begins. */
export function capital(text: string): string {
  return NAME.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
