import assert from 'node:assert/strict';
import { BarKind } from '../../../src/timeline/bars.ts';
import { legend } from '../../../src/timeline/legend.ts';
import { DARK, LIGHT, paletteOf } from '../../../src/timeline/palette.ts';
import { drawSign } from '../../../src/timeline/signs.ts';
import { SvgPen } from '../../../src/timeline/svg-pen.ts';

const PLAIN = { marks: 'x', running: 'x', trouble: 'x', failed: 'x', ground: 'y' };

function shapeOf(kind: BarKind): string {
  const pen = new SvgPen(() => 0);
  drawSign(pen, kind, 0, 0, 10, PLAIN);
  return pen.markup();
}

describe('the legend', () => {
  it('says each thing once, and explains each look and each sign once', () => {
    const labels = legend(true).map(({ label }) => label);
    assert.equal(new Set(labels).size, labels.length, labels.join(' · '));
    for (const colours of [DARK, LIGHT]) {
      const looks = legend(true).map(({ kind, isSign }) =>
        isSign ? shapeOf(kind) : JSON.stringify(paletteOf(colours)[kind]),
      );
      assert.equal(new Set(looks).size, looks.length, 'two items look the same');
    }
  });

  it('explains whatever is drawn', () => {
    const paints = paletteOf(DARK);
    const look = (kind: BarKind): string =>
      kind >= BarKind.markRunnerCreated ? shapeOf(kind) : JSON.stringify(paints[kind]);
    const explained = new Set(legend(true).map(({ kind }) => look(kind)));
    // Phases take turns in two shades of one colour.
    const others = [BarKind.none, BarKind.phaseOdd] as readonly BarKind[];
    for (const [name, kind] of Object.entries(BarKind)) {
      if (!others.includes(kind)) assert.ok(explained.has(look(kind)), `nothing explains ${name}`);
    }
  });

  it('has a sign of its own for what is tried again and for what failed for good, by shape and not by colour alone', () => {
    const signs = Object.values(BarKind).filter((kind) => kind >= BarKind.markRunnerCreated);
    assert.equal(new Set(signs.map(shapeOf)).size, signs.length);
  });
});
