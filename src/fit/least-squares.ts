/** A point of a search, with what it leaves. */
export interface Point<T> {
  readonly at: readonly number[];
  readonly residuals: readonly number[];
  readonly sum: number;
  readonly result: T;
}

interface Search<T> {
  readonly start: Point<T>;
  /** How many parameters, from the first on, are looked for; the others stay. */
  readonly free: number;
  readonly rounds: number;
  readonly evaluate: (at: readonly number[]) => Promise<Point<T>>;
}

/** How far a parameter is moved to see what depends on it, round by round: little would show how chance moves runs. */
const STEPS = [0.5, 0.35, 0.25, 0.2];
const LAST_STEP = 0.15;
/** The same for an error, to both sides. */
const ERROR_STEP = 0.25;
const [EASIER, HARDER] = [0.3, 4];
/** A round that gains less than this share is the last. */
const GAIN = 0.01;

/** Levenberg and Marquardt's search for the least sum of squares, with slopes by differences. */
export async function leastSquares<T>({ start, free, rounds, evaluate }: Search<T>): Promise<Point<T>> {
  let best = start;
  let damping = 0.1;
  for (let round = 0; round < rounds; round++) {
    const slopes = await slopesAt(best, free, STEPS[round] ?? LAST_STEP, evaluate);
    const before = best.sum;
    for (let attempt = 0; attempt < 3; attempt++) {
      const move = moveOf(slopes, best.residuals, damping);
      const next = await evaluate(best.at.map((value, index) => value + (move[index] ?? 0)));
      if (next.sum < best.sum) {
        best = next;
        damping *= EASIER;
        break;
      }
      damping *= HARDER;
    }
    if (before - best.sum < GAIN * before) break;
  }
  return best;
}

/** Standard error of each parameter at a point whose residuals are in units of chance; large where little depends on it. */
export async function errorsAt<T>(point: Point<T>, evaluate: Search<T>['evaluate']): Promise<number[]> {
  const [up, down] = [
    await slopesAt(point, point.at.length, ERROR_STEP, evaluate),
    await slopesAt(point, point.at.length, -ERROR_STEP, evaluate),
  ];
  const slopes = up.map((slope, parameter) =>
    slope.map((value, index) => (value + (down[parameter]?.[index] ?? 0)) / 2),
  );
  // Where the best fit is a bad one, chance is larger than was believed.
  const scale = Math.max(1, point.sum / point.residuals.length);
  return inverse(products(slopes)).map((row, index) => Math.sqrt(Math.max(0, scale * (row[index] ?? 0))));
}

async function slopesAt<T>(
  point: Point<T>,
  free: number,
  step: number,
  evaluate: Search<T>['evaluate'],
): Promise<number[][]> {
  const slopes: number[][] = [];
  for (let parameter = 0; parameter < free; parameter++) {
    const moved = await evaluate(point.at.map((value, index) => (index === parameter ? value + step : value)));
    slopes.push(moved.residuals.map((residual, index) => (residual - (point.residuals[index] ?? 0)) / step));
  }
  return slopes;
}

function moveOf(slopes: readonly (readonly number[])[], residuals: readonly number[], damping: number): number[] {
  const matrix = products(slopes).map((row, index) =>
    row.map((value, column) => (column === index ? value * (1 + damping) + 1e-9 : value)),
  );
  const down = slopes.map((slope) => -dot(slope, residuals));
  return inverse(matrix).map((row) => Math.max(-1, Math.min(1, dot(row, down))));
}

function products(slopes: readonly (readonly number[])[]): number[][] {
  return slopes.map((a) => slopes.map((b) => dot(a, b)));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

/** Of a symmetric matrix that is positive but for what nothing depends on, by Gauss and Jordan. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, index) => [
    ...row.map((value, column) => (column === index ? value + 1e-9 : value)),
    ...Array.from({ length: size }, (_, column) => (column === index ? 1 : 0)),
  ]);
  for (let pivot = 0; pivot < size; pivot++) {
    const row = rows[pivot] as number[];
    const divisor = row[pivot] as number;
    for (let column = 0; column < 2 * size; column++) row[column] = (row[column] as number) / divisor;
    for (const [index, other] of rows.entries()) {
      const factor = other[pivot] as number;
      if (index === pivot || factor === 0) continue;
      for (let column = 0; column < 2 * size; column++) {
        other[column] = (other[column] as number) - factor * (row[column] as number);
      }
    }
  }
  return rows.map((row) => row.slice(size));
}
