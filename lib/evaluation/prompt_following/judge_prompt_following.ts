import { type Stage, STAGES } from "../../data/pictures/facts.ts";
import type { Device } from "../../engine/mod.ts";
import { forkRandom } from "../../random.ts";
import type { HostTensor } from "../../tensors.ts";
import type { Judged } from "../../training/report.ts";
import { fitGaussian, frechetDistance } from "../frechet.ts";
import { kernelDistance, meanWithin } from "../mmd.ts";
import type { PromptFollowing } from "./following.ts";
import type { JudgeWeights } from "./judge_weights.ts";
import { followingByStage } from "./measure.ts";
import { openPictureJudge } from "./picture_judge.ts";
import { picturePrompts } from "./prompts.ts";
import { measureSimilarity, openTowers, type Towers } from "./similarity.ts";
import { measureSwap, swapPartners } from "./swap.ts";

/** Draws pictures `[N, size, size, 3]` in [−1, 1] for N prompts, each from the noise of its seed. */
export type DrawPrompts = (
  request: { prompts: string[]; seeds: number[] },
) => Promise<Float32Array>;

/** Options of {@linkcode judgePromptFollowing}. */
export interface JudgeFollowingOptions {
  device: Device;
  draw: DrawPrompts;
  /** Strength of guidance and steps that `draw` uses: noted, not used. */
  guidance: number;
  steps: number;
  /** All three by default. */
  stages?: readonly Stage[];
  /** Prompts of each stage, and as many with unseen combinations; 64 by default. */
  perStage?: number;
  /** Prompts that are drawn again for the swap of prompts, at most `perStage`; 32 by default, 0 leaves it out. */
  swaps?: number;
  /** Of prompts and noise, 0 by default. */
  seed?: number;
  /** Height and width of what is drawn, 64 by default. */
  size?: number;
  /** Real pictures that distances are measured to; 1,000 by default. */
  reference?: number;
  /** Instead of the judge that comes with the project. */
  judge?: JudgeWeights;
  /** Instead of the towers that come with the project; null leaves similarity and retrieval out. */
  towers?: Towers | null;
  /** Hears the share of pictures drawn, 0 … 1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** Pictures that are asked for at once. */
const CHUNK = 64;

/**
 * Draws pictures for held-out prompts of `pictures` and measures how well they follow them: facts by stage, seen and
 * unseen combinations apart, similarity, retrieval, and what a swap of prompts changes.
 */
export async function judgePromptFollowing(
  options: JudgeFollowingOptions,
): Promise<PromptFollowing> {
  const { device, guidance, steps, stages = STAGES, perStage = 64, seed = 0, size = 64 } = options;
  const swaps = Math.min(perStage, options.swaps ?? 32), wanted = options.reference ?? 1000;
  const judge = await openPictureJudge(device, options.judge);
  const towers = options.towers === undefined ? await openTowers(device) : options.towers;
  try {
    const asked = await picturePrompts({ stages, perStage, seed, size });
    const count = asked.prompts.length, total = count + 2 * swaps;
    const draw = createDrawing(options, total), pixels = size * size * 3;
    const part = (all: Float32Array, from: number, to: number) =>
      all.subarray(from * pixels, to * pixels);

    const seeds = Array.from({ length: count }, (_, i) => drawSeed(seed, i));
    const images = await draw(asked.prompts, seeds);
    const drawn = await judge.read(images, size), real = await judge.read(asked.images, size);

    let swap: PromptFollowing["swap"] = null;
    if (swaps > 1) {
      // The first prompts are those of the first stage, with combinations that were trained on.
      const partners = swapPartners(asked.facts.slice(0, swaps));
      const others = Array.from({ length: swaps }, (_, i) => drawSeed(seed, count + i));
      const again = await draw(
        [...partners.map((place) => asked.prompts[place]!), ...asked.prompts.slice(0, swaps)],
        [...seeds.slice(0, swaps), ...others],
      );
      swap = await measureSwap(judge, {
        before: part(images, 0, swaps),
        swapped: part(again, 0, swaps),
        redrawn: part(again, swaps, 2 * swaps),
        facts: partners.map((place) => asked.facts[place]!),
        real: gather(asked.images, partners, pixels),
        size,
      });
    }
    const near = towers &&
      await measureSimilarity(towers, { ...asked, images, real: asked.images });
    const reference = await picturePrompts({
      stages,
      perStage: Math.ceil(wanted * perStage / count),
      seed,
      size,
      split: "train",
    });
    const noise = await judge.read(noisePictures(count * pixels), size);
    const distances = distancesTo((await judge.read(reference.images, size)).features, {
      value: drawn.features,
      ceiling: real.features,
      floor: noise.features,
    });
    return {
      guidance,
      steps,
      seed,
      samples: total,
      ...followingByStage(asked.facts, drawn.layouts, real.layouts),
      ...distances,
      similarity: near?.similarity ?? null,
      retrieval: near?.retrieval ?? null,
      swap,
    };
  } finally {
    await judge.dispose();
    if (options.towers === undefined) await towers?.dispose();
  }
}

/** Draws in chunks, checks what comes, and reports the share of all pictures that is done. */
function createDrawing(
  { draw, size = 64, onProgress, signal }: JudgeFollowingOptions,
  total: number,
): (prompts: string[], seeds: number[]) => Promise<Float32Array<ArrayBuffer>> {
  const pixels = size * size * 3;
  let done = 0;
  return async (prompts, seeds) => {
    const images = new Float32Array(prompts.length * pixels);
    for (let from = 0; from < prompts.length; from += CHUNK) {
      signal?.throwIfAborted();
      const asked = prompts.slice(from, from + CHUNK);
      const drawn = await draw({ prompts: asked, seeds: seeds.slice(from, from + CHUNK) });
      if (drawn.length !== asked.length * pixels) {
        throw new RangeError(
          `Drawing ${asked.length} prompts gave ${drawn.length} numbers: expected pictures of ` +
            `${size}×${size}×3, ${asked.length * pixels} numbers`,
        );
      }
      images.set(drawn, from * pixels);
      done += asked.length;
      onProgress?.(done / total);
    }
    return images;
  };
}

/** Distances of three sets of features to those of real pictures. */
function distancesTo(
  reference: HostTensor,
  sets: Record<"value" | "ceiling" | "floor", HostTensor>,
): { frechet: Judged<number>; mmd: Judged<number> } {
  const gaussian = fitGaussian(reference), within = meanWithin(reference);
  const each = (distance: (features: HostTensor) => number): Judged<number> => ({
    value: distance(sets.value),
    ceiling: distance(sets.ceiling),
    floor: distance(sets.floor),
  });
  return {
    frechet: each((features) => frechetDistance(fitGaussian(features), gaussian)),
    mmd: each((features) => kernelDistance(features, reference, within)),
  };
}

/** Seeds of samples: far from the small numbers that people type. */
function drawSeed(seed: number, index: number): number {
  return 1_000_000 * (1 + seed) + index;
}

function gather(images: Float32Array, places: readonly number[], pixels: number): Float32Array {
  const taken = new Float32Array(places.length * pixels);
  places.forEach((place, i) => {
    taken.set(images.subarray(place * pixels, (place + 1) * pixels), i * pixels);
  });
  return taken;
}

/** Normal noise, clipped to [−1, 1] as samples are when they become pictures. */
function noisePictures(count: number): Float32Array {
  const random = forkRandom(0, "noise for the judge");
  return new Float32Array(count).map(() => Math.max(-1, Math.min(1, random.normal())));
}
