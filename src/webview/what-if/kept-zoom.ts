import type { LaneScale } from '../../timeline/rows.ts';
import type { View } from '../view.ts';

/** Where in time and lanes somebody looks, and how closely. */
interface Place {
  readonly fromUs: number;
  readonly pixelsPerUs: number;
  readonly scrollPx: number;
  readonly scale: LaneScale | null;
}

/** What somebody has zoomed or scrolled to stays when other runs take the place of those in view; until then all is in view. */
export class KeptZoom {
  readonly #view: View;
  /** When all was put in view; undefined before. */
  #whole: Place | undefined;

  constructor(view: View) {
    this.#view = view;
  }

  /** Whether nobody has zoomed or scrolled since all was put in view. */
  get isWhole(): boolean {
    const [whole, place] = [this.#whole, this.#place()];
    return whole === undefined || JSON.stringify(whole) === JSON.stringify(place);
  }

  fit(): void {
    this.#view.fit();
    this.#whole = this.#place();
  }

  /** Changes what there is to see, and goes back to where somebody looked. */
  over(change: () => void): void {
    const [isWhole, { fromUs, pixelsPerUs, scrollPx, scale }] = [this.isWhole, this.#place()];
    change();
    this.fit();
    if (isWhole) return;
    if (scale !== null) this.#view.setScale(scale);
    this.#view.moveTo({ fromUs, pixelsPerUs });
    this.#view.scrollTo(scrollPx);
  }

  #place(): Place {
    const { fromUs, pixelsPerUs, scrollPx, scale } = this.#view.state();
    return { fromUs, pixelsPerUs, scrollPx, scale };
  }
}
