import { BarKind } from './bars.ts';
import type { Pen } from './pen.ts';

/** What signs are drawn in. */
export interface SignColours {
  readonly marks: unknown;
  readonly running: unknown;
  readonly trouble: unknown;
  readonly failed: unknown;
  /** Around signs and inside of them. */
  readonly ground: unknown;
}

type Line = readonly (readonly [x: number, y: number])[];

/** A shape in a field from -1 to 1 in both directions. Every kind of moment has one of its own: colour alone says nothing to some eyes. */
interface Sign {
  readonly colour: Exclude<keyof SignColours, 'ground'>;
  readonly filled?: Line;
  /** Lines in the sign's colour, or in that of the ground where it is filled. */
  readonly lines?: readonly Line[];
}

const CIRCLE: Line = Array.from({ length: 17 }, (_, at) => {
  const angle = (at * Math.PI) / 8;
  return [0.8 * Math.cos(angle), 0.8 * Math.sin(angle)] as const;
});

const CROSS: readonly Line[] = [
  [
    [-0.8, -0.8],
    [0.8, 0.8],
  ],
  [
    [0.8, -0.8],
    [-0.8, 0.8],
  ],
];

const SQUARE: Line = [
  [-0.9, -0.9],
  [0.9, -0.9],
  [0.9, 0.9],
  [-0.9, 0.9],
];

const SMALL_CROSS = CROSS.map((line) => line.map(([x, y]) => [x * 0.65, y * 0.65] as const));

const SIGNS: Readonly<Partial<Record<number, Sign>>> = {
  [BarKind.markRunnerCreated]: {
    colour: 'marks',
    lines: [
      [
        [0, -1],
        [0, 1],
      ],
    ],
  },
  [BarKind.markPodCreated]: {
    colour: 'marks',
    filled: [
      [0, -1],
      [1, 0],
      [0, 1],
      [-1, 0],
    ],
  },
  [BarKind.markPodRunning]: {
    colour: 'running',
    filled: [
      [-0.7, -1],
      [1, 0],
      [-0.7, 1],
    ],
  },
  [BarKind.markFinished]: { colour: 'marks', filled: CIRCLE },
  [BarKind.markDeleted]: { colour: 'marks', lines: [CIRCLE] },
  [BarKind.markTrouble]: {
    colour: 'trouble',
    filled: [
      [0, -1.1],
      [1.15, 0.9],
      [-1.15, 0.9],
    ],
    lines: [
      [
        [0, -0.4],
        [0, 0.25],
      ],
      [
        [0, 0.5],
        [0, 0.75],
      ],
    ],
  },
  [BarKind.markPodFailed]: { colour: 'failed', lines: CROSS },
  [BarKind.markJobQueued]: {
    colour: 'marks',
    lines: [
      [
        [-0.9, -0.9],
        [0.9, -0.9],
        [0.9, 0.9],
        [-0.9, 0.9],
        [-0.9, -0.9],
      ],
    ],
  },
  [BarKind.markDecision]: {
    colour: 'marks',
    filled: [
      [-1, -0.8],
      [1, -0.8],
      [0, 1],
    ],
  },
  [BarKind.markListenerEnded]: {
    colour: 'failed',
    filled: [
      [-0.45, -1],
      [0.45, -1],
      [1, -0.45],
      [1, 0.45],
      [0.45, 1],
      [-0.45, 1],
      [-1, 0.45],
      [-1, -0.45],
    ],
    lines: [
      [
        [-0.55, 0],
        [0.55, 0],
      ],
    ],
  },
  [BarKind.markFailure]: { colour: 'failed', filled: SQUARE, lines: SMALL_CROSS },
};

/**
 * Draws the sign of a moment around a place.
 * @param half of its height and width
 */
export function drawSign(pen: Pen, kind: number, x: number, y: number, half: number, colours: SignColours): void {
  const sign = SIGNS[kind];
  if (sign === undefined) return;
  const colour = colours[sign.colour];
  const isFilled = sign.filled !== undefined;
  if (sign.filled !== undefined) {
    pen.beginPath();
    trace(pen, sign.filled, x, y, half);
    pen.closePath();
    pen.fillStyle = colour;
    pen.fill();
    pen.lineWidth = half / 5;
    pen.strokeStyle = colours.ground;
    pen.stroke();
  }
  if (sign.lines === undefined) return;
  pen.beginPath();
  for (const line of sign.lines) trace(pen, line, x, y, half);
  pen.lineWidth = half / (isFilled ? 4 : 2.5);
  pen.strokeStyle = isFilled ? colours.ground : colour;
  pen.stroke();
}

/** Letters in the sign of several moments, in its heights. */
const LETTERS = 0.85;
/** More are not counted there. */
const MOST_COUNTED = 99;
/** What is wrong is seen also where it is one of several. */
const WORST: readonly Sign['colour'][] = ['failed', 'trouble'];

/**
 * Draws the sign of moments around a place: its own for one, of several how many they are, in the colour of the worst.
 * @param half of its height
 * @param font family of its letters
 */
export function drawSigns(
  pen: Pen,
  kinds: readonly number[],
  { x, y, half, widthPx }: { readonly x: number; readonly y: number; readonly half: number; readonly widthPx: number },
  colours: SignColours,
  font: string,
): void {
  const [only = 0] = kinds;
  if (kinds.length === 1) {
    drawSign(pen, only, x, y, half, colours);
    return;
  }
  const colour = WORST.find((one) => kinds.some((kind) => SIGNS[kind]?.colour === one)) ?? 'marks';
  pen.beginPath();
  pen.roundRect(x - widthPx / 2, y - half, widthPx, 2 * half, half);
  pen.fillStyle = colours[colour];
  pen.fill();
  pen.lineWidth = half / 5;
  pen.strokeStyle = colours.ground;
  pen.stroke();
  const [align, baseline] = [pen.textAlign, pen.textBaseline];
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.font = `600 ${(2 * half * LETTERS).toFixed(1)}px ${font}`;
  pen.fillStyle = colours.ground;
  pen.fillText(kinds.length > MOST_COUNTED ? `${MOST_COUNTED}+` : String(kinds.length), x, y + half / 10);
  [pen.textAlign, pen.textBaseline] = [align, baseline];
}

function trace(pen: Pen, line: Line, x: number, y: number, half: number): void {
  line.forEach(([dx, dy], at) => {
    if (at === 0) pen.moveTo(x + dx * half, y + dy * half);
    else pen.lineTo(x + dx * half, y + dy * half);
  });
}
