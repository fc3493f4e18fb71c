import { forkRandom, type Random } from "../random.ts";
import { float32, type HostTensor } from "../tensors.ts";

/** How a recipe treats the tokens of a picture. */
export interface TokenRecipe {
  name: string;
  /** Whether each token has a noise level of its own; otherwise all tokens of a picture share one. */
  ownLevels: boolean;
  /** Share of tokens that are hidden behind pure noise. */
  share: number;
  /** What the error of the head in the middle counts beside that of the velocity; 0 for no head. */
  weight: number;
}

/** The noise level of hidden tokens: nothing of them is left. */
export const HIDDEN = 1;

/** Plain flow matching: one level per picture. */
export const PLAIN: TokenRecipe = { name: "plain", ownLevels: false, share: 0, weight: 0 };

/** Self-Flow-lite with the numbers of monet-flow-tiny. */
export const LITE: TokenRecipe = { name: "lite", ownLevels: true, share: 0.25, weight: 0.1 };

/** Generators of levels; that of whole pictures is the same for all recipes. */
export function levelsOf(seed: number): Record<"pictures" | "singles" | "chances", Random> {
  return {
    pictures: forkRandom(seed, "levels of pictures"),
    singles: forkRandom(seed, "levels of tokens"),
    chances: forkRandom(seed, "hidden tokens"),
  };
}

/** Levels of tokens before any are hidden, and the numbers that decide which are: both `[B, N]`. */
export function drawTokenLevels(
  { ownLevels, share }: TokenRecipe,
  { batch, tokens, pictures, singles, chances }:
    & { batch: number; tokens: number }
    & ReturnType<
      typeof levelsOf
    >,
): { own: HostTensor; chance: HostTensor } {
  const shared = Array.from({ length: batch }, () => pictures.uniform());
  const own = Array.from(
    { length: batch * tokens },
    (_, i) => ownLevels ? singles.uniform() : shared[Math.floor(i / tokens)]!,
  );
  const chance = own.map(() => share > 0 ? chances.uniform() : 1);
  return { own: float32([batch, tokens], own), chance: float32([batch, tokens], chance) };
}

/** Levels spread evenly over [0, 1]: the i-th lies in bin i modulo `bins`. */
export function evenLevels(count: number, bins: number): number[] {
  const random = forkRandom(0, "even levels");
  return Array.from({ length: count }, (_, i) => (i % bins + random.uniform()) / bins);
}
