import { escapeMarkup } from '../base/escape-markup.ts';

/** What the markup of every page is made with. */
export interface PageParts {
  readonly title: string;
  /** Addresses of the page's files. */
  readonly script: string;
  readonly style: string;
  readonly cspSource: string;
  readonly nonce: string;
  readonly language: string;
  readonly text: (message: string) => string;
  /** Translations of what the page writes by itself, by the English text. */
  readonly texts: Readonly<Record<string, string>> | undefined;
}

/**
 * The markup of a page. Scripts run by nonce, styles and nothing else come from the extension, nothing from a network.
 * @param body what stands in the page, with the function that translates and escapes its texts
 * @param data read by the page's script, by name
 */
export function pageHtml(
  { title, script, style, cspSource, nonce, language, text, texts }: PageParts,
  body: (t: (message: string) => string) => string,
  data: Readonly<Record<string, string>> = {},
): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${cspSource}; img-src data: blob:`;
  const attributes = Object.entries({ ...data, texts: texts === undefined ? '' : JSON.stringify(texts) });
  return `<!doctype html>
<html lang="${escapeMarkup(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escapeMarkup(style)}">
<title>${escapeMarkup(title)}</title>
</head>
<body ${attributes.map(([name, value]) => `data-${name}="${escapeMarkup(value)}"`).join(' ')}>
${body((message) => escapeMarkup(text(message)))}
<script type="module" nonce="${nonce}" src="${escapeMarkup(script)}"></script>
</body>
</html>`;
}
