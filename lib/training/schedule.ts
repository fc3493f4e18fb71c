/** How the learning rate changes over a run. */
export interface Schedule {
  kind: "cosine" | "constant";
  /** Highest learning rate. */
  lr: number;
  /** Updates in the run. */
  steps: number;
  /** Share of the run in which the rate rises in a straight line. */
  warmup: number;
  /** Where "cosine" ends, as a share of the highest rate. */
  final: number;
}

/**
 * Learning rate of the update number `step`, counted from 1: warm-up, then constant or half a cosine down
 * (Loshchilov & Hutter 2017). The first update already moves, and so does the last.
 */
export function learningRateAt(step: number, schedule: Schedule): number {
  const { kind, lr, steps, warmup, final } = schedule;
  const rising = Math.round(warmup * steps);
  if (step <= rising) return lr * step / rising;
  if (kind === "constant") return lr;
  const share = Math.min(1, (step - 1 - rising) / (steps - rising));
  return lr * (final + (1 - final) * (1 + Math.cos(Math.PI * share)) / 2);
}
