/** Where an axis begins and ends, and what is written along it. */
export interface Ticks {
  from: number;
  to: number;
  ticks: number[];
}

/** Smallest and largest of the values. */
export function bounds(values: readonly number[]): { least: number; most: number } {
  let least = Infinity, most = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}

/** About `count` round numbers (1, 2 or 5 times a power of ten apart) that enclose the values. */
export function linearTicks(
  { least, most }: { least: number; most: number },
  count: number,
): Ticks {
  if (least === most) {
    const room = least === 0 ? 1 : Math.abs(least) / 2;
    [least, most] = [least - room, most + room];
  }
  const rough = (most - least) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough)!;
  const first = Math.floor(least / step + 1e-9), last = Math.ceil(most / step - 1e-9);
  const ticks = Array.from(
    { length: last - first + 1 },
    // Rounded, since 3 · 0.1 is not 0.3.
    (_, i) => Number(((first + i) * step).toPrecision(12)),
  );
  return { from: ticks[0]!, to: ticks.at(-1)!, ticks };
}

/** Round numbers (1, 2, 5, 10 …) that enclose positive values on a logarithmic axis, about `count` of them. */
export function logTicks({ least, most }: { least: number; most: number }, count: number): Ticks {
  if (!(least > 0)) throw new RangeError(`A logarithmic axis cannot show ${least}`);
  const powers = Array.from(
    { length: Math.ceil(Math.log10(most)) - Math.floor(Math.log10(least)) + 1 },
    (_, i) => Math.floor(Math.log10(least)) + i,
  );
  const factors = powers.length > count ? [1] : [1, 2, 5];
  const candidates = powers.flatMap((power) =>
    factors.map((factor) => Number((factor * 10 ** power).toPrecision(12)))
  );
  const from = candidates.findLast((value) => value <= least) ?? candidates[0]!;
  const to = candidates.find((value) => value >= most && value > from) ?? candidates.at(-1)!;
  return { from, to, ticks: candidates.filter((value) => value >= from && value <= to) };
}

/** A tick in few characters: 0.05, 1,500, 2e-4, −1. */
export function tickText(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const digits = size < 1e-3 || size >= 1e6
    ? size.toExponential().replace("e+", "e")
    : size.toLocaleString("en", { maximumSignificantDigits: 6 });
  return value < 0 ? `−${digits}` : digits;
}

/** A measured number as people read it: four digits are enough. */
export function numberText(value: number): string {
  return Number.isFinite(value) ? tickText(Number(value.toPrecision(4))) : "–";
}
