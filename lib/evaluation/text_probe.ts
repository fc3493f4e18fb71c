import { Matrix, solve } from "ml-matrix";
import { describe, sampleFacts } from "../data/mod.ts";
import { type PictureFacts, STAGES } from "../data/pictures/facts.ts";
import { SAID_CHOICES, saidClasses } from "../data/pictures/said.ts";
import { forkRandom } from "../random.ts";
import { POOLED_WIDTH, type PromptEncoder } from "../text/mod.ts";

/** Options of {@linkcode probeEncoder}. */
export interface ProbeOptions {
  /** Captions that the readers are fitted to, and captions that they are judged by. */
  fitted?: number;
  judged?: number;
  seed?: number;
  /** Combinations of noun and colour in the captions that are judged by; "seen" by default. */
  combinations?: "seen" | "unseen";
}

/** Share of captions whose fact is read rightly, among those that say it: by name of {@linkcode SAID_CHOICES}. */
export type ProbeResult = Record<"pooled" | "tokens", Record<string, number>>;

/** Strength of the readers' ridge, relative to the mean square of the numbers that they read. */
const RIDGE = 1e-3;

/**
 * What of a caption can be read from its vectors by a linear map: one that is fitted to the pooled vectors of some
 * captions, and one to the means of their tokens (ridge regression on what they say). The captions that are judged by
 * are of all stages and were not fitted to.
 */
export async function probeEncoder(
  encoder: PromptEncoder,
  options: ProbeOptions = {},
): Promise<ProbeResult> {
  const { fitted = 3000, judged = 1500, seed = 0, combinations = "seen" } = options;
  const learned = captions(fitted, seed, "fitted", "seen");
  const asked = captions(judged, seed, "judged", combinations);
  const from = await vectorsOf(encoder, learned.texts), to = await vectorsOf(encoder, asked.texts);
  return {
    pooled: readFacts(from.pooled, learned.facts, to.pooled, asked.facts),
    tokens: readFacts(from.tokens, learned.facts, to.tokens, asked.facts),
  };
}

function captions(
  count: number,
  seed: number,
  purpose: string,
  combinations: "seen" | "unseen",
): { texts: string[]; facts: PictureFacts[] } {
  const random = forkRandom(seed, `${purpose} captions`);
  const stages = combinations === "seen" ? STAGES : STAGES.slice(1);
  const facts = Array.from({ length: count }, (_, i) => {
    return sampleFacts(random, stages[i % stages.length]!, { combinations });
  });
  return { texts: facts.map((one) => describe(one, random)), facts };
}

/** Pooled vectors `[N, 512]` and mean token vectors `[N, D]`, a 1 added to each row. */
async function vectorsOf(encoder: PromptEncoder, texts: readonly string[]) {
  const { pooled, tokens, mask } = await encoder.encode(texts);
  const { length, tokenWidth } = encoder;
  const means = Matrix.zeros(texts.length, tokenWidth + 1);
  for (let row = 0; row < texts.length; row++) {
    let used = 0;
    for (let i = 0; i < length; i++) {
      if (mask[row * length + i] === 0) continue;
      used++;
      for (let d = 0; d < tokenWidth; d++) {
        const value = tokens[(row * length + i) * tokenWidth + d]!;
        means.set(row, d, means.get(row, d) + value);
      }
    }
    for (let d = 0; d < tokenWidth; d++) means.set(row, d, means.get(row, d) / used);
    means.set(row, tokenWidth, 1);
  }
  const whole = Matrix.zeros(texts.length, POOLED_WIDTH + 1);
  for (let row = 0; row < texts.length; row++) {
    for (let d = 0; d < POOLED_WIDTH; d++) whole.set(row, d, pooled[row * POOLED_WIDTH + d]!);
    whole.set(row, POOLED_WIDTH, 1);
  }
  return { pooled: whole, tokens: means };
}

/** Fits W to (XᵀX + λ)·W = XᵀY, with Y the classes of all facts as zeros and ones, and judges it. */
function readFacts(
  from: Matrix,
  learned: readonly PictureFacts[],
  to: Matrix,
  asked: readonly PictureFacts[],
): Record<string, number> {
  const sizes = SAID_CHOICES.map(({ values }) => values.length + 1);
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
  const targets = Matrix.zeros(from.rows, starts.at(-1)! + sizes.at(-1)!);
  learned.forEach((facts, row) => {
    saidClasses(facts).forEach((value, i) => targets.set(row, starts[i]! + value, 1));
  });
  const transposed = from.transpose(), square = transposed.mmul(from);
  const ridge = RIDGE * square.trace() / square.rows;
  for (let i = 0; i < square.rows; i++) square.set(i, i, square.get(i, i) + ridge);
  const read = to.mmul(solve(square, transposed.mmul(targets)));

  const right = SAID_CHOICES.map(() => 0), said = SAID_CHOICES.map(() => 0);
  asked.forEach((facts, row) => {
    saidClasses(facts).forEach((value, i) => {
      if (value === 0) return;
      // Among the values: that something is said is given.
      const scores = SAID_CHOICES[i]!.values.map((_, v) => read.get(row, starts[i]! + 1 + v));
      said[i]!++;
      if (scores.indexOf(Math.max(...scores)) === value - 1) right[i]!++;
    });
  });
  return Object.fromEntries(SAID_CHOICES.map(({ name }, i) => [name, right[i]! / said[i]!]));
}
