/**
 * Self-Flow-lite, after monet-flow-tiny: tokens have noise levels of their own, some are hidden behind much noise, and
 * a linear head in the middle of the model guesses the clean image. There is no teacher.
 */
export interface SelfFlowLite {
  kind: "lite";
  /**
   * Different noise levels in an image, of which each token takes one at random: 1 is the usual one for all, 2 are two
   * levels, −1 (the default) gives every token a level of its own. A few cost less time than one for each.
   */
  levels?: number;
  /** Share of tokens that are hidden, each by chance; 0.25 by default. */
  maskShare?: number;
  /** The noise level of hidden tokens; 1 by default, where nothing of them is left. */
  maskLevel?: number;
  /** The block after which the head reads the tokens, counted from 1; half of the blocks by default. */
  layer?: number;
  /** Which tokens the head is judged by; all of them by default. */
  reconstruct?: "all" | "masked";
  /** What the head's error counts beside that of the velocity; 0.1 by default. */
  weight?: number;
}

/**
 * Self-Flow (Chefer et al. 2026, arXiv 2603.06507): an image has two noise levels, a share of its tokens has the
 * second. A teacher, the moving average of the model, sees the whole image at the lower of the two; a layer of the
 * student learns to say what a deeper layer of the teacher says.
 */
export interface SelfFlowFull {
  kind: "full";
  /** Share of tokens at the second level, each by chance; 0.25 by default, as for images in the paper. */
  maskShare?: number;
  /** The student's block that is read; 0.3 of the blocks by default. */
  studentLayer?: number;
  /** The teacher's; 0.7 of the blocks by default. */
  teacherLayer?: number;
  /** What the disagreement, 1 − cosine, counts beside the error of the velocity; 0.8 by default. */
  weight?: number;
}

/** What is asked of single tokens besides the velocity. */
export type SelfFlowOptions = SelfFlowLite | SelfFlowFull;

/** Self-Flow-lite with nothing left to defaults, for a model of so many blocks. */
export function liteOptions(options: SelfFlowLite, depth: number): Required<SelfFlowLite> {
  const filled: Required<SelfFlowLite> = {
    levels: -1,
    maskShare: 0.25,
    maskLevel: 1,
    layer: Math.ceil(depth / 2),
    reconstruct: "all",
    weight: 0.1,
    ...options,
  };
  checkShares(filled, ["maskShare", "maskLevel"]);
  checkBlocks(filled, ["layer"], depth);
  checkWeight(filled);
  const { levels } = filled;
  if (levels !== -1 && !(Number.isInteger(levels) && levels >= 1)) {
    throw new RangeError(
      `Cannot give an image ${levels} noise levels: expected a whole number from 1, ` +
        "or -1 for one per token",
    );
  }
  return filled;
}

/** Self-Flow with nothing left to defaults, for a model of so many blocks. */
export function fullOptions(options: SelfFlowFull, depth: number): Required<SelfFlowFull> {
  const filled: Required<SelfFlowFull> = {
    maskShare: 0.25,
    studentLayer: Math.max(1, Math.round(0.3 * depth)),
    teacherLayer: Math.max(1, Math.round(0.7 * depth)),
    weight: 0.8,
    ...options,
  };
  checkShares(filled, ["maskShare"]);
  checkBlocks(filled, ["studentLayer", "teacherLayer"], depth);
  checkWeight(filled);
  if (filled.studentLayer > filled.teacherLayer) {
    throw new RangeError(
      `Self-Flow's studentLayer ${filled.studentLayer} is deeper than its teacherLayer ` +
        `${filled.teacherLayer}: the teacher must be read at least as deep`,
    );
  }
  return filled;
}

function checkShares<T>(options: T, names: (keyof T & string)[]): void {
  for (const name of names) {
    const value = options[name] as number;
    if (value >= 0 && value <= 1) continue;
    throw new RangeError(`Self-Flow's ${name} is ${value}: expected a number from 0 to 1`);
  }
}

function checkBlocks<T>(options: T, names: (keyof T & string)[], depth: number): void {
  for (const name of names) {
    const value = options[name] as number;
    if (Number.isInteger(value) && value >= 1 && value <= depth) continue;
    throw new RangeError(
      `Self-Flow's ${name} is ${value}: expected the number of a block, 1 … ${depth}`,
    );
  }
}

function checkWeight({ weight }: { weight: number }): void {
  if (Number.isFinite(weight) && weight >= 0) return;
  throw new RangeError(`Self-Flow's weight is ${weight}: expected a number from 0`);
}
