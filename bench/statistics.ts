/** The middle of a list of numbers. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The number below which a share (0 … 1) of the list lies, between two neighbours if need be. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}
