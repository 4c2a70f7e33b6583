/** Resource quantities (`500m`, `1Gi`, `2e3`) in the one form in which the API server writes each of them. */
const PATTERN = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** Quantities are kept in billionths; what is finer is rounded up. */
const NANO = 1_000_000_000n;

interface Quantity {
  readonly nanos: bigint;
  readonly format: 'decimal' | 'binary' | 'exponent';
}

/** @returns undefined for text that is no quantity */
export function canonicalQuantity(text: string): string | undefined {
  const quantity = parse(text);
  return quantity === undefined ? undefined : write(quantity);
}

/** The amount in whole units, rounded up; undefined for text that is no quantity. */
export function quantityValue(text: string): number | undefined {
  const quantity = parse(text);
  return quantity === undefined ? undefined : Number((quantity.nanos + NANO - 1n) / NANO);
}

function parse(text: string): Quantity | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = '', suffix = '', exponent] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  let value = BigInt(`${whole}${fraction}` || '0') * NANO;
  let divisor = 10n ** BigInt(fraction.length);
  const binary = BINARY.indexOf(suffix);
  if (exponent !== undefined) {
    const power = Number(exponent);
    if (Math.abs(power) > 30) return undefined;
    if (power < 0) divisor *= 10n ** BigInt(-power);
    else value *= 10n ** BigInt(power);
  } else if (binary > 0) {
    value *= 1024n ** BigInt(binary);
  } else {
    const power = (DECIMAL.indexOf(suffix) - 3) * 3;
    if (power < 0) divisor *= 10n ** BigInt(-power);
    else value *= 10n ** BigInt(power);
  }
  const nanos = (value + divisor - 1n) / divisor;
  return {
    nanos: sign === '-' ? -nanos : nanos,
    format: exponent !== undefined ? 'exponent' : binary > 0 ? 'binary' : 'decimal',
  };
}

function write({ nanos, format }: Quantity): string {
  if (nanos === 0n) return '0';
  const sign = nanos < 0n ? '-' : '';
  let amount = nanos < 0n ? -nanos : nanos;
  if (format === 'binary' && amount % NANO === 0n && amount / NANO >= 1024n) {
    amount /= NANO;
    let step = 0;
    while (amount % 1024n === 0n && step < BINARY.length - 1) {
      amount /= 1024n;
      step++;
    }
    return `${sign}${amount}${BINARY[step] ?? ''}`;
  }
  let step = 0;
  while (amount % 1000n === 0n && step < DECIMAL.length - 1) {
    amount /= 1000n;
    step++;
  }
  if (format !== 'exponent') return `${sign}${amount}${DECIMAL[step] ?? ''}`;
  const power = (step - 3) * 3;
  return `${sign}${amount}e${power}`;
}
