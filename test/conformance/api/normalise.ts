/** Makes answers of two servers comparable: what each makes up for itself becomes a placeholder. */
const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
/** Of what has just been made, or of a date that a check names. */
const AGE = /^(\d+s|\d+d|\d+y(\d+d)?)$/;
/** What services are given, from ranges of each server's own. */
const ADDRESS = /\b10\.(0|96)\.\d+\.\d+\b/g;

export function normalise(text: string, namespace: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return words(text, namespace).trim();
  }
  return clean(value, '', namespace);
}

function clean(value: unknown, key: string, namespace: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => clean(item, '', namespace));
    // The real server checks some fields twice and reports what it finds each time; labels come in any order.
    if (key !== 'causes') return items;
    const causes = new Map(items.map((item) => [JSON.stringify(item), item]));
    return [...causes.keys()].sort().map((text) => causes.get(text));
  }
  if (typeof value === 'string') {
    if (key === 'resourceVersion' && value !== '' && value !== '0') return '<version>';
    if (key === 'continue' && value !== '') return '<token>';
    if (key === 'name' && /^gen-[a-z0-9]{5}$/.test(value)) return 'gen-<random>';
    return words(value, namespace);
  }
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(value).sort()) {
    // Kept by the real server for server-side apply, which the embedded cluster does not offer.
    if (name === 'managedFields') continue;
    // Descriptions are upstream's own words.
    if (name === 'description' && 'priority' in value) continue;
    result[name] = clean((value as Record<string, unknown>)[name], name, namespace);
  }
  // What the causes say is compared there.
  const { message, reason } = result;
  if (reason === 'Invalid' && typeof message === 'string')
    result['message'] = message.replace(/: \[.*\]$/, ': [<causes>]');
  return result;
}

function words(text: string, namespace: string): string {
  return text
    .replaceAll(namespace, '<ns>')
    .replace(UID, '<uid>')
    .replace(TIME, '<time>')
    .replace(/gen-[a-z0-9]{5}\b/g, 'gen-<random>')
    .replace(ADDRESS, '<address>')
    .replace(AGE, '<age>')
    .replace(/(resource version|current): \d+( \(\d+\))?/gi, '$1: <n>')
    .replace(/(ResourceVersion in record \()\d+/, '$1<version>');
}
