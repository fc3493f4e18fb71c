/**
 * Decay of the moving average at the update number `step`, counted from 1: min(decay, (1 + t) / (10 + t)).
 * The warm-up keeps the average's memory at about a tenth of the run so far, so that it forgets the untrained
 * start (as in TensorFlow's ExponentialMovingAverage).
 */
export function emaDecayAt(step: number, decay: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}

/** Updates after which a parameter's old value has half its weight in the average. */
export function emaHalfLife(decay: number): number {
  return decay > 0 ? Math.log(0.5) / Math.log(decay) : 0;
}

/** A sentence if the average's memory does not suit the length of the run, else undefined. */
export function emaWarning(decay: number, steps: number): string | undefined {
  const halfLife = emaHalfLife(decay);
  if (halfLife <= steps / 2) return undefined;
  if (steps < 10) return `a run of ${steps} steps is too short to average: ema.decay 0 would suit`;
  // A half-life of a twentieth of the run: long enough to smooth, short enough to follow.
  const suited = 0.5 ** (20 / steps);
  return `ema.decay ${decay} has a half-life of ${
    Math.round(halfLife)
  } steps in a run of ${steps}, ` +
    `so its warm-up decides instead; ${suited.toPrecision(3)} would suit`;
}
