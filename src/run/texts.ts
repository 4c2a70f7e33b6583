/** For those who load the engine and have translations: its texts are in English otherwise. */
export { config as configureTexts } from '@vscode/l10n';
