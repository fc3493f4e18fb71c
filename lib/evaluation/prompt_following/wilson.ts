/** A share of N trials with the interval that holds the true share in 95 % of cases. */
export interface Share {
  /** 0 … 1. */
  value: number;
  /** Trials, N. */
  count: number;
  /** Ends of the 95 % interval. */
  low: number;
  high: number;
}

/** Quantile of the normal distribution that leaves 2.5 % above it. */
const Z95 = 1.959963984540054;

/** `right` of `count` trials, with its 95 % interval; null if there were none. */
export function shareOf(right: number, count: number): Share | null {
  if (count === 0) return null;
  const [low, high] = wilsonInterval(right, count);
  return { value: right / count, count, low, high };
}

/**
 * Score interval of a share (Wilson 1927): unlike mean ± 1.96 σ it is right for few trials and near 0 and 1.
 *
 * centre (p + z²/2N) / (1 + z²/N), half width z √(p (1 − p) / N + z²/4N²) / (1 + z²/N). Throws a RangeError unless
 * 0 ≤ right ≤ count and count ≥ 1.
 */
export function wilsonInterval(
  right: number,
  count: number,
  z: number = Z95,
): [low: number, high: number] {
  if (!(count >= 1 && right >= 0 && right <= count)) {
    throw new RangeError(
      `Cannot give an interval for ${right} of ${count}: expected 0 ≤ right ≤ count, count ≥ 1`,
    );
  }
  const share = right / count, spread = z * z / count;
  const centre = (share + spread / 2) / (1 + spread);
  const half = z * Math.sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread);
  // Exactly 0 and 1 where they are, in spite of rounding.
  return [right === 0 ? 0 : centre - half, right === count ? 1 : centre + half];
}
