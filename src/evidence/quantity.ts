const UNITS: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** `500m`, `4Gi` or `1e3` in whole units; 0 for what is no quantity. */
export function amountOf(quantity: string): number {
  const [, number = '', unit = ''] = /^(\d*\.?\d+(?:[eE][+-]?\d+)?|\d+\.)([a-zA-Z]*)$/.exec(quantity) ?? [];
  return number === '' ? 0 : Number(number) * (UNITS[unit] ?? 1);
}

/** An amount in the unit of a quantity that it is compared with. */
export function amountLike(amount: number, like: string): string {
  const unit = /[a-zA-Z]+$/.exec(like)?.[0] ?? '';
  return `${Number((amount / (UNITS[unit] ?? 1)).toPrecision(4))}${unit}`;
}

/** What a quota's message lists, `cpu=4,memory=8Gi`, by the resource. */
export function quantitiesIn(list: string): ReadonlyMap<string, string> {
  return new Map(
    list.split(',').map((each) => {
      const [name = '', quantity = ''] = each.trim().split('=');
      return [name, quantity];
    }),
  );
}
