import { t } from '@vscode/l10n';
import type {
  ComparedRow,
  FieldValues,
  WhatIfHostMessage,
  WhatIfPageMessage,
  WhatIfState,
} from '../../what-if-protocol.ts';
import { byId, element, setAttribute, show, write } from '../dom.ts';
import { onceAFrame } from '../once-a-frame.ts';
import { sentenceWithBasis } from './basis.ts';
import { ComparedTimeline } from './compared-timeline.ts';
import { curveDrawing, curveTable } from './curve.ts';
import { Form } from './form.ts';
import { WhatIfModel, type Said } from './model.ts';
import { tornado } from './tornado.ts';

/** VS Code's side of this page. */
export interface WhatIfApi {
  postMessage(message: WhatIfPageMessage): void;
  getState(): unknown;
  setState(state: WhatIfState): void;
}

/** The page: draws what its model knows, and hands what people do on to it. */
export class WhatIfPage {
  readonly #host: WhatIfApi;
  readonly #model: WhatIfModel;
  readonly #form: Form;
  readonly #timeline: ComparedTimeline;
  #patchForm: 'helm' | 'flags' = 'helm';
  readonly #ask = onceAFrame(() => this.#draw());
  /** When the slider was moved whose timeline is on its way. */
  #movedMs: number | undefined;
  /** What is on the page of each part: it is made again only when it has changed. */
  readonly #drawn = new Map<string, string>();

  constructor(host: WhatIfApi) {
    this.#host = host;
    const kept = host.getState() as Partial<WhatIfState> | undefined;
    this.#timeline = new ComparedTimeline(() => this.#timelineDrawn());
    this.#model = new WhatIfModel(
      (message) => host.postMessage(message),
      (message) => this.#timeline.receive(message),
      kept?.version === 1 ? (kept as WhatIfState) : undefined,
    );
    this.#form = new Form(byId('fields'), {
      write: (id, value) => this.#change(() => this.#model.write(id, value)),
      try: (id, value) => this.#try(() => this.#model.try(id, value)),
    });
    this.#listen();
    this.#colour();
    this.#model.ready();
  }

  #listen(): void {
    const host = this.#host;
    window.addEventListener('message', ({ data }: MessageEvent<WhatIfHostMessage>) => {
      this.#model.receive(data);
      if (data.type === 'subject') host.setState(this.#model.state);
      this.#ask();
    });
    window.addEventListener('error', ({ message }) => host.postMessage({ type: 'error', text: message }));
    new MutationObserver(() => this.#colour()).observe(document.body, {
      attributes: true,
      attributeFilter: ['class', 'style'],
    });
    const onClick = (id: string, act: () => void): void => byId(id).addEventListener('click', act);
    onClick('copy', () => host.postMessage({ type: 'copy', form: this.#patchForm }));
    onClick('save', () => host.postMessage({ type: 'save' }));
    onClick('run', () => host.postMessage({ type: 'run' }));
    onClick('form', () => this.#change(() => (this.#patchForm = this.#patchForm === 'helm' ? 'flags' : 'helm')));
    onClick('reset', () => this.#try(() => this.#model.tryAll({})));
    onClick('try-found', () => this.#try(() => this.#model.tryAll(this.#model.found.values ?? {})));
    document.addEventListener('click', ({ target }) => {
      const isBasis = target instanceof Element && target.closest('[data-accuracy]') !== null;
      if (isBasis) host.postMessage({ type: 'openAccuracy' });
    });
  }

  /** Charts have the timeline's colours, which can be told apart in every theme. */
  #colour(): void {
    const { colours } = this.#timeline.readTheme();
    const { style } = byId('results');
    style.setProperty('--sooner', colours.running);
    style.setProperty('--later', colours.throttled);
    style.setProperty('--curve', colours.kubernetes);
  }

  #try(act: () => void): void {
    this.#movedMs = performance.now();
    this.#change(act);
  }

  #change(act: () => void): void {
    act();
    this.#host.setState(this.#model.state);
    this.#ask();
  }

  #timelineDrawn(): void {
    if (this.#movedMs === undefined) return;
    this.#host.postMessage({ type: 'drawn', afterMs: performance.now() - this.#movedMs });
    this.#movedMs = undefined;
  }

  #draw(): void {
    const { title, source, fields, tried, progress, failure, isDone, now, found, growth, compared } = this.#model;
    const { effects, curve, patch } = this.#model;
    write('title', title);
    write('source', source);
    write('progress', failure === '' ? progress : '');
    setAttribute('progress', 'aria-busy', String(!isDone && failure === ''));
    write('failure', failure);
    show('failure', failure !== '');
    this.#form.draw(fields, tried);
    this.#part('verdict', [now, found], () => [now, found].flatMap(sentence));
    const tryAll = (values: FieldValues): void => this.#try(() => this.#model.tryAll(values));
    this.#part('tornado', effects, () => tornado(effects, tryAll));
    this.#part('curve', curve, () => (curve === undefined ? [] : [element('p', {}, curve.text), curveDrawing(curve)]));
    this.#part('curve-table', curve, () => (curve === undefined ? [] : [curveTable(curve, tryAll)]));
    show('curve-box', curve !== undefined);
    this.#part('growth', growth, () => growth.flatMap(sentence));
    show('growth-box', growth.length > 0);
    show('try-found', found.values !== null);
    show('patch-box', patch !== undefined);
    write('patch-about', patch?.about ?? '');
    write('patch', patch?.[this.#patchForm] ?? '');
    write('form', this.#patchForm === 'helm' ? t('Show as Flags') : t('Show as Helm Values'));
    show('reset', Object.keys(tried).length > 0);
    this.#part('compared', compared, () => comparedOf(compared));
    this.#part('compared-table', compared.rows, () => [comparedTable(compared.rows)]);
    show('compared-details', compared.rows.length > 0);
  }

  /** Makes a part of the page again where what it shows has changed. */
  #part(id: string, shown: unknown, make: () => readonly HTMLElement[] | readonly (HTMLElement | SVGElement)[]): void {
    const text = JSON.stringify(shown) ?? '';
    if (this.#drawn.get(id) === text) return;
    this.#drawn.set(id, text);
    byId(id).replaceChildren(...make());
  }
}

function sentence({ text, basis }: Said): HTMLElement[] {
  if (text === '') return [];
  return [basis === null ? element('p', {}, text) : sentenceWithBasis(text, basis)];
}

function comparedOf(compared: Said): HTMLElement[] {
  if (compared.text !== '') return sentence(compared);
  const text = t('Move a slider to try another value: its run is drawn below the one now.');
  return [element('p', { class: 'faint' }, text)];
}

function comparedTable(rows: readonly ComparedRow[]): HTMLElement {
  const heads = [t('now'), t('tried')].map((head) => element('th', { scope: 'col' }, head));
  return element(
    'table',
    {},
    element('caption', {}, t('The settings now, and those that are tried')),
    element('thead', {}, element('tr', {}, element('td'), ...heads)),
    element(
      'tbody',
      {},
      ...rows.map(({ label, now, tried }) =>
        element('tr', {}, element('th', { scope: 'row' }, label), element('td', {}, now), element('td', {}, tried)),
      ),
    ),
  );
}
