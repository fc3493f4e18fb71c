import type { PictureFacts } from "../../data/pictures/facts.ts";
import { compareFacts } from "./compare.ts";
import type { SwapSensitivity } from "./following.ts";
import type { PictureJudge } from "./picture_judge.ts";
import { shareOf } from "./wilson.ts";

/** Pictures of N prompts, drawn three times, each `[N, size, size, 3]` in [−1, 1]. */
export interface SwappedPictures {
  /** For their prompts. */
  before: Float32Array;
  /** From the same noise for other prompts. */
  swapped: Float32Array;
  /** For their prompts from other noise. */
  redrawn: Float32Array;
  /** What the other prompts say. */
  facts: readonly PictureFacts[];
  /** Real pictures of the other prompts. */
  real: Float32Array;
  size: number;
}

/** For each prompt the place of the next one that asks for another noun; throws a RangeError if there is none. */
export function swapPartners(facts: readonly PictureFacts[]): number[] {
  return facts.map(({ objects: [own] }, i) => {
    for (let step = 1; step < facts.length; step++) {
      const place = (i + step) % facts.length;
      if (facts[place]!.objects[0]!.noun !== own!.noun) return place;
    }
    throw new RangeError(
      `Cannot swap prompts: all ${facts.length} ask for the same noun, expected different ones`,
    );
  });
}

/** Measures what another prompt changes when the noise stays the same. */
export async function measureSwap(
  judge: PictureJudge,
  { before, swapped, redrawn, facts, real, size }: SwappedPictures,
): Promise<SwapSensitivity> {
  const nouns = async (images: Float32Array) => {
    const { layouts } = await judge.read(images, size);
    return facts.map((asked, i) => compareFacts(asked, layouts[i]!).noun!);
  };
  const share = (right: boolean[]) => right.filter(Boolean).length / right.length;
  const earlier = await nouns(before), later = await nouns(swapped);
  const changed = later.filter((right, i) => right && !earlier[i]);
  const distances = [swapped, redrawn].map((images) => rootMeanSquare(before, images));
  const [prompt_distance, noise_distance] = distances as [number, number];
  return {
    noun_changes: {
      ...shareOf(changed.length, facts.length)!,
      ceiling: share(await nouns(real)),
      floor: share(earlier),
    },
    prompt_distance,
    noise_distance,
    ratio: noise_distance > 0 ? prompt_distance / noise_distance : 0,
  };
}

function rootMeanSquare(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum / a.length);
}
