import './texts.ts';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { VsCodeApi } from './host.ts';
import { Page } from './page.ts';

declare function acquireVsCodeApi(): VsCodeApi;

new Page(acquireVsCodeApi());
