import '../texts.ts';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { WhatIfPage, type WhatIfApi } from './page.ts';

declare function acquireVsCodeApi(): WhatIfApi;

new WhatIfPage(acquireVsCodeApi());
