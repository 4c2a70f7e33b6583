export { config as configureTexts } from '@vscode/l10n';
