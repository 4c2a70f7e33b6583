import { escapeMarkup } from '../base/escape-markup.ts';
import { pageHtml, type PageParts } from './page-html.ts';

/** The markup of the What If editor's page. */
export function whatIfHtml(page: PageParts): string {
  return pageHtml(
    page,
    (t) => `<header>
<h1 id="title">${escapeMarkup(page.title)}</h1>
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
</main>`,
  );
}
