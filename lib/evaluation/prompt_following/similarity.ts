import type { PictureFacts } from "../../data/pictures/facts.ts";
import { couldDescribe } from "../../data/pictures/truth.ts";
import type { Device } from "../../engine/mod.ts";
import { forkRandom, shuffle } from "../../random.ts";
import { openImageTower, openTextEncoder, POOLED_WIDTH } from "../../text/mod.ts";
import type { Similarity } from "./following.ts";
import { resizePictures } from "./resize.ts";

/** Two encoders whose vectors of pictures and texts can be compared; all vectors have length 1. */
export interface Towers {
  /** N prompts → `[N, 512]`. */
  texts(prompts: readonly string[]): Promise<Float32Array>;
  /** Pictures `[N, size, size, 3]` in [−1, 1] → `[N, 512]`. */
  images(images: Float32Array<ArrayBuffer>, size: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Opens the towers that come with the project, whichever text encoder a model was trained with. */
export async function openTowers(device: Device): Promise<Towers> {
  const pictures = await openImageTower(device);
  const encoder = await openTextEncoder("tower");
  const to = pictures.imageShape[0];
  return {
    async texts(prompts) {
      return (await encoder.encode(prompts)).pooled;
    },
    images(images, from) {
      return pictures.encode(
        from === to ? images : resizePictures(images, { from, to, channels: 3 }),
      );
    },
    async dispose() {
      await Promise.all([pictures.dispose(), encoder.dispose()]);
    },
  };
}

/** Pictures with the prompts that they were drawn for. */
export interface PromptedPictures {
  prompts: readonly string[];
  facts: readonly PictureFacts[];
  /** `[N, size, size, 3]` in [−1, 1]. */
  images: Float32Array<ArrayBuffer>;
  /** Real pictures of the same prompts. */
  real: Float32Array<ArrayBuffer>;
  size: number;
}

/** Prompts that each sample is compared with at most. */
const AMONG = 64;

/**
 * How near pictures are to their own prompts, and how far up those come among others (CLIP score, Hessel et al. 2021,
 * and R-precision, Xu et al. 2018, with the course's own towers).
 *
 * Ranks are taken among at most 64 prompts, of which none could be said of the picture of another.
 */
export async function measureSimilarity(
  towers: Towers,
  { prompts, facts, images, real, size }: PromptedPictures,
): Promise<Similarity> {
  const texts = await towers.texts(prompts);
  const drawn = cosines(await towers.images(images, size), texts);
  const best = cosines(await towers.images(real, size), texts);
  const all = Array.from(prompts.keys());
  const own = (table: number[][]) => mean(all.map((i) => table[i]![i]!));
  const others = mean(all.flatMap((i) => all.filter((j) => j !== i).map((j) => drawn[i]![j]!)));

  const among = differentPrompts(facts);
  const ranks = rank(drawn, among), bestRanks = rank(best, among);
  const first = (ranks: number[]) => mean(ranks.map((rank) => Number(rank === 1)));
  return {
    similarity: { value: own(drawn), ceiling: own(best), floor: others },
    retrieval: {
      // Whoever guesses comes out in the middle, and first once in as many times.
      mean_rank: {
        value: mean(ranks),
        ceiling: mean(bestRanks),
        floor: (among.length + 1) / 2,
      },
      top1: { value: first(ranks), ceiling: first(bestRanks), floor: 1 / among.length },
      of: among.length,
    },
  };
}

/** Cosine of each picture (row) with each text (column), from vectors of length 1. */
function cosines(pictures: Float32Array, texts: Float32Array): number[][] {
  const rows = (all: Float32Array) =>
    Array.from(
      { length: all.length / POOLED_WIDTH },
      (_, i) => all.subarray(i * POOLED_WIDTH, (i + 1) * POOLED_WIDTH),
    );
  const columns = rows(texts);
  return rows(pictures).map((picture) =>
    columns.map((text) => picture.reduce((sum, value, i) => sum + value * text[i]!, 0))
  );
}

/** Rank of the own prompt of each of these pictures among all of theirs; a tie counts half. */
function rank(table: number[][], among: readonly number[]): number[] {
  return among.map((i) => {
    const own = table[i]![i]!;
    const others = among.filter((j) => j !== i).map((j) => table[i]![j]!);
    const above = others.filter((other) => other > own).length;
    return 1 + above + others.filter((other) => other === own).length / 2;
  });
}

/** Places of at most 64 prompts, always the same ones, of which none could be said of another's picture. */
function differentPrompts(facts: readonly PictureFacts[]): number[] {
  const places = shuffle(forkRandom(0, "retrieved prompts"), Array.from(facts.keys()));
  const chosen: number[] = [];
  for (const place of places) {
    const own = facts[place]!;
    const alike = chosen.some((other) =>
      couldDescribe(own, facts[other]!) || couldDescribe(facts[other]!, own)
    );
    if (!alike) chosen.push(place);
    if (chosen.length === AMONG) break;
  }
  return chosen;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
