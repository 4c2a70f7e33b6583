/** Time spans as kubectl shows them: two units at most, and only while the smaller one matters. */
export function humanDuration(seconds: number): string {
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  const whole = Math.floor(seconds);
  if (whole < 60 * 2) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 10) return pair(minutes, 'm', whole % 60, 's');
  if (minutes < 60 * 3) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 24 * 8) return pair(days, 'd', hours % 24, 'h');
  if (days < 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  return days < 365 * 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

/** @param time RFC 3339 */
export function since(time: string | undefined | null, nowMs: number): string {
  if (time === undefined || time === null) return '<unknown>';
  return humanDuration((nowMs - Date.parse(time)) / 1000);
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
