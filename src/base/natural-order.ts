const ZERO = 48;
const NINE = 57;

/**
 * Order of names as people count: runner-2 comes before runner-10. Names that differ in zeros before a number alone are
 * in the order of their characters, so that only equal names are equal.
 * @returns below 0 where `a` comes first, above 0 where `b` does, 0 for equal names
 */
export function naturalCompare(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(j);
    if (!isDigit(left) || !isDigit(right)) {
      if (left !== right) return left - right;
      i++;
      j++;
      continue;
    }
    const [startA, startB] = [withoutZeros(a, i), withoutZeros(b, j)];
    const [endA, endB] = [endOfNumber(a, startA), endOfNumber(b, startB)];
    const longer = endA - startA - (endB - startB);
    if (longer !== 0) return longer;
    for (i = startA, j = startB; i < endA; i++, j++) {
      const difference = a.charCodeAt(i) - b.charCodeAt(j);
      if (difference !== 0) return difference;
    }
  }
  const rest = a.length - i - (b.length - j);
  if (rest !== 0) return rest;
  return a < b ? -1 : a > b ? 1 : 0;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function withoutZeros(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === ZERO) at++;
  return at;
}

function endOfNumber(text: string, from: number): number {
  let at = from;
  while (at < text.length && isDigit(text.charCodeAt(at))) at++;
  return at;
}
