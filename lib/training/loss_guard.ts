/** Sees when a run has gone wrong. */
export interface LossGuard {
  /** Takes the numbers of a step; returns what is wrong with them, if anything. */
  check(loss: number, gradientNorm: number): string | undefined;
  save(): GuardState;
}

/** What a guard remembers. */
export interface GuardState {
  /** Loss of the first batch, before anything was learned. */
  first: number | null;
  /** The last few losses. */
  recent: number[];
}

/** How far above the untrained loss is too far: noise alone never gets there. */
const FACTOR = 20;
const RECENT = 5;

/**
 * Watches for a loss that is not a number, and for one that explodes: the median of the last five losses is
 * twenty times the loss before training. The median, since single batches may be outliers.
 */
export function createLossGuard(saved: GuardState = { first: null, recent: [] }): LossGuard {
  let { first } = saved;
  const recent = [...saved.recent];
  return {
    check(loss, gradientNorm) {
      if (!Number.isFinite(loss)) return `the loss is ${loss}`;
      // Without clipping the norm is not computed, and NaN means just that.
      if (gradientNorm === Infinity) return "the gradients are infinite";
      first ??= loss;
      recent.push(loss);
      if (recent.length > RECENT) recent.shift();
      const typical = median(recent);
      if (typical > FACTOR * first) {
        return `the loss exploded to ${typical.toPrecision(3)}, ` +
          `${Math.round(typical / first)} times what it was before training`;
      }
    },
    save: () => ({ first, recent: [...recent] }),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
