import { escapeMarkup } from '../base/escape-markup.ts';

interface WhatIfPage {
  readonly title: string;
  readonly script: string;
  readonly style: string;
  readonly cspSource: string;
  readonly nonce: string;
  readonly language: string;
  readonly text: (message: string) => string;
  /** Translations of what the page writes by itself, by the English text. */
  readonly texts: Readonly<Record<string, string>> | undefined;
}

/** The page's markup. Scripts run by nonce, styles and nothing else come from the extension, nothing from a network. */
export function whatIfHtml({ title, script, style, cspSource, nonce, language, text, texts }: WhatIfPage): string {
  const t = (message: string): string => escapeMarkup(text(message));
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${cspSource}; img-src data: blob:`;
  return `<!doctype html>
<html lang="${escapeMarkup(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escapeMarkup(style)}">
<title>${escapeMarkup(title)}</title>
</head>
<body data-texts="${escapeMarkup(texts === undefined ? '' : JSON.stringify(texts))}">
<header>
<h1 id="title">${escapeMarkup(title)}</h1>
<span id="progress" class="faint"></span>
<p id="source" class="faint"></p>
<p id="failure" role="alert" hidden></p>
<div id="verdict" role="status" aria-live="polite"></div>
</header>
<main>
<section id="compared-box" aria-labelledby="compared-title">
<h2 id="compared-title">${t('Now and tried')}</h2>
<div id="compared" aria-live="polite"></div>
<div id="chart-box">
<canvas id="chart" tabindex="0" role="img" aria-label="${t('Timeline of reconcile passes')}"></canvas>
<div id="tip" role="tooltip" hidden></div>
</div>
<details id="compared-details" hidden>
<summary>${t('As a table')}</summary>
<div id="compared-table"></div>
</details>
</section>
<section id="form-box" aria-labelledby="form-title">
<h2 id="form-title">${t('Settings')}</h2>
<p class="faint">${t('The fields are the settings now; the sliders try other values beside them.')}</p>
<div id="fields"></div>
<p class="buttons">
<vscode-button id="reset" secondary hidden>${t('Reset the Sliders')}</vscode-button>
<vscode-button id="run" secondary>${t('Use as Settings of a Run')}</vscode-button>
</p>
</section>
<div id="results">
<section aria-labelledby="tornado-title">
<h2 id="tornado-title">${t('One change alone')}</h2>
<div id="tornado"></div>
</section>
<section id="curve-box" aria-labelledby="curve-title" hidden>
<h2 id="curve-title">${t('The setting that matters')}</h2>
<div id="curve"></div>
<details>
<summary>${t('As a table')}</summary>
<div id="curve-table"></div>
</details>
</section>
<section id="patch-box" aria-labelledby="patch-title" hidden>
<h2 id="patch-title">${t('Patch')}</h2>
<p id="patch-about"></p>
<pre id="patch" tabindex="0" aria-labelledby="patch-title"></pre>
<p class="buttons">
<vscode-button id="copy">${t('Copy')}</vscode-button>
<vscode-button id="save" secondary>${t('Save…')}</vscode-button>
<vscode-button id="form" secondary></vscode-button>
<vscode-button id="try-found" secondary hidden>${t('Try What Was Found')}</vscode-button>
</p>
</section>
<section id="growth-box" aria-labelledby="growth-title" hidden>
<h2 id="growth-title">${t('With more load')}</h2>
<div id="growth"></div>
</section>
<p class="faint">${t('Each figure is the median of five runs with different seeds.')} <button type="button" class="link" data-accuracy>${t('How near simulations come to real controllers')}</button></p>
</div>
</main>
<script type="module" nonce="${nonce}" src="${escapeMarkup(script)}"></script>
</body>
</html>`;
}
