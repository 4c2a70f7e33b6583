import { mkdirSync, writeFileSync } from 'node:fs';
import { measuredChains } from './chains.ts';
import { measured } from './measured.ts';
import { pageOf } from './page.ts';
import { plotOf } from './plot.ts';

/** `npm run accuracy`: writes docs/accuracy.md and its plot from the recordings of real controllers. */
const DOCS = new URL('../../docs/', import.meta.url);
const all = measured();
mkdirSync(DOCS, { recursive: true });
writeFileSync(new URL('accuracy.md', DOCS), await pageOf(all, measuredChains()));
writeFileSync(new URL('accuracy.svg', DOCS), plotOf(all));
