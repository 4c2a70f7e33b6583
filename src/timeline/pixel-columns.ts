/** Where and how bars are brought down to one value a pixel column. */
export interface PixelColumns {
  /** Time at the left edge of the first column. */
  readonly fromUs: number;
  readonly pixelsPerUs: number;
  /** Number of columns. */
  readonly width: number;
  /** Where bars without an end reach to. */
  readonly nowUs: number;
  /** By kind: where in `values` the first column's value is, -1 for a kind that is not drawn. */
  readonly slot: Int32Array;
  /** By kind: its value. Of several in one column the highest remains. */
  readonly value: Uint8Array;
  /** How far the values of neighbouring columns are apart. */
  readonly step: number;
  readonly values: Uint8Array;
}
