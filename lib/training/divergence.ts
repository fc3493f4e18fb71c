import type { RunFolder } from "./run_folder.ts";

/** The loss of a run is no number, or far above where it started. */
export class DivergedError extends Error {
  override name = "DivergedError";
}

/** A checkpoint by its step, and where it lies. */
export interface SafePlace {
  step: number;
  path: string;
}

/** The error for a run that diverged: the step, what would help, and what is safe. */
export function diverged(
  problem: string,
  step: number,
  run: RunFolder,
  checkpoint: SafePlace | undefined,
): DivergedError {
  const { lr, clipNorm } = run.config.optimizer;
  const halved = Number((lr / 2).toPrecision(3));
  // A folder that was named is taken now.
  const command = run.provenance.command.replace(/ --out[= ]\S+/, "");
  const clipping = clipNorm < 0 ? " --set optimizer.clipNorm=1" : "";
  const draw = checkpoint
    ? `; draw from it with deno task sample ${run.path} --checkpoint ${checkpoint.step}`
    : "";
  return new DivergedError(
    `Training diverged at step ${step}: ${problem}. Start a new run with half the learning rate` +
      `${clipping && " and clipped gradients"}: ` +
      `${command} --set optimizer.lr=${halved}${clipping}. ${whatIsSafe(checkpoint)}${draw}`,
  );
}

/** One sentence about what a run that failed leaves behind. */
export function whatIsSafe(checkpoint: SafePlace | undefined): string {
  return checkpoint
    ? `The last good checkpoint is ${checkpoint.path}`
    : "There is no checkpoint yet: nothing was learned that could be lost";
}
