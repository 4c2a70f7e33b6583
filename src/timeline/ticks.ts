/** Steps people read without thinking: 1, 2 and 5 up to a second, then parts of minutes, hours and days. */
const STEPS_US: readonly number[] = (() => {
  const steps: number[] = [];
  for (let power = 1; power <= 1e5; power *= 10) steps.push(power, 2 * power, 5 * power);
  const second = 1e6;
  for (const seconds of [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400]) {
    steps.push(seconds * second);
  }
  return steps;
})();

/** The shortest readable step with at least `leastPx` pixels between two ticks. */
export function tickStepUs(pixelsPerUs: number, leastPx: number): number {
  const day = 86_400e6;
  const found = STEPS_US.find((step) => step * pixelsPerUs >= leastPx);
  return found ?? Math.ceil(leastPx / pixelsPerUs / day) * day;
}

/** A time on the axis, with no more digits than the step between ticks needs. */
export function tickLabel(timeUs: number, stepUs: number): string {
  const sign = timeUs < 0 ? '-' : '';
  const us = Math.abs(timeUs);
  if (us === 0) return '0';
  if (us >= 60e6) {
    const hours = Math.floor(us / 3600e6);
    const minutes = Math.floor((us / 60e6) % 60);
    const seconds = (us / 1e6) % 60;
    const digits = stepUs < 1e6 ? Math.min(6, Math.ceil(-Math.log10(stepUs / 1e6))) : 0;
    const secondsText = seconds.toFixed(digits).padStart(digits > 0 ? digits + 3 : 2, '0');
    return hours > 0
      ? `${sign}${hours}:${String(minutes).padStart(2, '0')}:${secondsText}`
      : `${sign}${minutes}:${secondsText}`;
  }
  if (us >= 1e6 || stepUs >= 1e6) return `${sign}${decimal(us / 1e6, stepUs / 1e6)} s`;
  if (us >= 1e3 || stepUs >= 1e3) return `${sign}${decimal(us / 1e3, stepUs / 1e3)} ms`;
  return `${sign}${decimal(us, stepUs)} µs`;
}

function decimal(value: number, step: number): string {
  const digits = step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step) - 1e-9));
  return value.toFixed(digits).replace(/\.0+$/, '');
}
