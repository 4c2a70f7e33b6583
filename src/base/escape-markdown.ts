/** Text in which nothing is Markdown, and no name is called: a zero-width space keeps `@team` from telling people. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, '\\$&').replace(/@(?=\w)/g, '@\u200b');
}
