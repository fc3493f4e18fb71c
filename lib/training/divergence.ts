import type { OptimizerConfig } from "./config.ts";

/** The loss of a run is no number, or far above where it started. */
export class DivergedError extends Error {
  override name = "DivergedError";
}

/** The error for a run that diverged: the step, what would help, and what is safe. */
export function diverged(
  problem: string,
  step: number,
  { lr, clipNorm }: OptimizerConfig,
  checkpoint: string | undefined,
): DivergedError {
  const lower = lr / 3 < 1e-3 ? (lr / 3).toExponential(0) : (lr / 3).toPrecision(1);
  const clip = clipNorm < 0 ? " or clip gradients (--set optimizer.clipNorm=1)" : "";
  return new DivergedError(
    `Training diverged at step ${step}: ${problem}. Lower the learning rate ` +
      `(--set optimizer.lr=${lower})${clip}. ${whatIsSafe(checkpoint)}`,
  );
}

/** One sentence about what a run that failed leaves behind. */
export function whatIsSafe(checkpoint: string | undefined): string {
  return checkpoint
    ? `The last good checkpoint is ${checkpoint}`
    : "There is no checkpoint yet: nothing was learned that could be lost";
}
