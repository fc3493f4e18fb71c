import { forkRandom, normals } from "../random.ts";
import { POOLED_WIDTH, type PromptEncoder } from "./prompt_encoder.ts";
import { splitWords } from "./tokenizer.ts";

/** Words per prompt, L. */
const LENGTH = 24;
/** Width of a word's vector, D. */
const TOKEN_WIDTH = 128;
/** What stands for a prompt without words. */
const EMPTY = "<empty>";

/**
 * The simplest text encoder: every word has fixed random vectors that follow from its letters and the seed. Tokens are
 * those of the words, the pooled vector is their sum, scaled to length 1.
 *
 * It knows every word and no order: "a red chair on blue" and "a blue chair on red" have the same pooled vector.
 */
export function bagOfWords({ seed = 0 }: { seed?: number } = {}): PromptEncoder {
  const known = new Map<string, { pooled: Float32Array; token: Float32Array }>();
  const vectorsOf = (word: string) => {
    let found = known.get(word);
    if (!found) {
      const random = forkRandom(seed, `word ${word}`);
      found = { pooled: normals(random, POOLED_WIDTH), token: normals(random, TOKEN_WIDTH) };
      known.set(word, found);
    }
    return found;
  };
  return {
    name: "bag-of-words",
    fingerprint: `bag-of-words:1:${seed}`,
    length: LENGTH,
    tokenWidth: TOKEN_WIDTH,
    encode(prompts) {
      const pooled = new Float32Array(prompts.length * POOLED_WIDTH);
      const tokens = new Float32Array(prompts.length * LENGTH * TOKEN_WIDTH);
      const mask = new Float32Array(prompts.length * LENGTH);
      prompts.forEach((prompt, row) => {
        const words = firstWords(prompt), sum = pooled.subarray(row * POOLED_WIDTH);
        words.forEach((word, i) => {
          const vectors = vectorsOf(word), at = row * LENGTH + i;
          tokens.set(vectors.token, at * TOKEN_WIDTH);
          mask[at] = 1;
          for (let d = 0; d < POOLED_WIDTH; d++) sum[d]! += vectors.pooled[d]!;
        });
        scaleToOne(sum.subarray(0, POOLED_WIDTH));
      });
      return Promise.resolve({ pooled, tokens, mask });
    },
    dispose: () => Promise.resolve(),
  };
}

function firstWords(prompt: string): string[] {
  const words: string[] = [];
  for (const word of splitWords(prompt)) {
    words.push(word);
    if (words.length === LENGTH) break;
  }
  return words.length > 0 ? words : [EMPTY];
}

/** Scales a vector to length 1, in place. */
export function scaleToOne(vector: Float32Array): void {
  const length = Math.hypot(...vector);
  if (length > 0) { for (let d = 0; d < vector.length; d++) vector[d]! /= length; }
}
