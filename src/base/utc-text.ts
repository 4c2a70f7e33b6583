/** A date and time to the minute, the same in every language: `2026-11-26 14:42 UTC`. */
export function utcText(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
