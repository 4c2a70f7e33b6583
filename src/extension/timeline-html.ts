import { escapeMarkup } from '../base/escape-markup.ts';
import { pageHtml, type PageParts } from './page-html.ts';

interface TimelinePage extends PageParts {
  /** What the mouse wheel does without a key held. */
  readonly wheel: 'scroll' | 'zoom';
}

/** The markup of the timeline's page. */
export function timelineHtml({ wheel, ...page }: TimelinePage): string {
  return pageHtml(
    page,
    (t) => `<header>
<div id="toolbar" role="toolbar" aria-label="${t('Timeline tools')}">
<h1 id="title">${escapeMarkup(page.title)}</h1>
<vscode-textfield id="search" type="search" label="${t('Search passes')}" placeholder="${t('runner, in:phase, result:error, >100ms')}"></vscode-textfield>
<span id="matches" class="faint" role="status" aria-live="polite"></span>
<vscode-button id="clear" secondary hidden aria-label="${t('Clear Search')}" title="${t('Clear Search')}">✕</vscode-button>
<vscode-button id="previous" secondary aria-label="${t('Previous pass')}">‹</vscode-button>
<vscode-button id="next" secondary aria-label="${t('Next pass')}">›</vscode-button>
<select id="lanes" aria-label="${t('Lanes')}">
<option value="runner">${t('by runner')}</option>
<option value="worker">${t('by worker')}</option>
<option value="api">${t('by API')}</option>
</select>
<vscode-button id="fit" secondary>${t('Fit')}</vscode-button>
<vscode-button id="table-button" secondary aria-pressed="false">${t('Table')}</vscode-button>
<vscode-button id="save" secondary>${t('Save Image…')}</vscode-button>
<vscode-button id="follow" secondary hidden>${t('Follow')}</vscode-button>
</div>
<p id="search-problem" role="alert" hidden></p>
<p id="failure" role="alert" hidden></p>
<div id="notices" role="region" aria-live="polite" aria-label="${t('Notices')}"></div>
<p id="headline" role="status" hidden></p>
<canvas id="minimap" role="img" aria-label="${t('Overview of the whole time')}"></canvas>
</header>
<main>
<div id="chart-box">
<canvas id="chart" tabindex="0" role="img" aria-label="${t('Timeline of reconcile passes')}" aria-describedby="keys"></canvas>
<div id="nothing" role="status" hidden><span id="nothing-text"></span> <vscode-button id="nothing-clear" secondary>${t('Clear Search (Esc)')}</vscode-button></div>
<div id="scrollbar" role="scrollbar" aria-controls="chart" aria-orientation="vertical" aria-valuemin="0" aria-valuemax="100" aria-valuenow="0" aria-label="${t('Lanes')}" hidden><div id="scrollbar-thumb"></div></div>
<div id="tip" role="tooltip" hidden></div>
</div>
<div id="table" role="region" tabindex="0" aria-label="${t('Passes as a table')}" hidden></div>
<aside tabindex="0" aria-label="${t('Details')}">
<section id="pass" aria-live="polite"></section>
<section id="path" hidden></section>
<section id="statistics"></section>
</aside>
</main>
<footer>
<div id="help">
<p id="keys" class="faint"></p>
<button type="button" class="link" id="keys-button">${t('? all keys')}</button>
</div>
<details id="legend-box" open>
<summary>${t('Colours and signs')}</summary>
<ul id="legend" aria-label="${t('Colours and signs')}"></ul>
</details>
</footer>
<dialog id="keys-sheet" aria-labelledby="keys-title"></dialog>`,
    { wheel },
  );
}
