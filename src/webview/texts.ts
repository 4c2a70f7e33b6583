import { config } from '@vscode/l10n';

// The page's texts in the language of VS Code, where there is a translation: imported first, before anything is written.
const texts = document.body.dataset['texts'];
if (texts !== undefined && texts !== '') config({ contents: JSON.parse(texts) as Record<string, string> });
