import { type BatchesState, batchOf, createBatches, type Dataset, describe } from "../data/mod.ts";
import type { PictureFacts } from "../data/pictures/facts.ts";
import { SAID_CHOICES, saidClasses } from "../data/pictures/said.ts";
import { changeOneFact, couldDescribe } from "../data/pictures/truth.ts";
import { createRandom, forkRandom, type Random } from "../random.ts";
import { float32, type HostRecord, int32, type SpecRecord } from "../tensors.ts";
import type { Tokenizer } from "../text/mod.ts";
import type { ReadyFeed } from "./task.ts";

/** A dataset whose pictures have captions. */
export type CaptionedDataset = Dataset & { captions: readonly string[] };

/** What {@linkcode contrastiveFeed} needs to know. */
export interface ContrastiveFeedOptions {
  batchSize: number;
  seed: number;
  tokenizer: Tokenizer;
  /** Share of words that are spelled instead of taken whole, so that pieces of words learn their meaning. */
  spelling: number;
  /** Share of articles that are left out, because people write "red chair" too. */
  droppedArticles: number;
}

/**
 * Shapes of a batch: images `[B, H, W, C]`, token ids of their captions `[B, L]`, and which captions are also true of
 * other images `[B, B]`. Where the truth about pictures is known, also token ids of captions that are wrong in one
 * fact, and what each caption says `[2B, facts]`.
 */
export function contrastiveBatchSpec(
  shape: readonly number[],
  { batchSize, tokenizer, facts }: {
    batchSize: number;
    tokenizer: Pick<Tokenizer, "length">;
    facts: boolean;
  },
): SpecRecord {
  const ids = { shape: [batchSize, tokenizer.length], dtype: "int32" } as const;
  return {
    images: { shape: [batchSize, ...shape], dtype: "float32" },
    ids,
    alsoTrue: { shape: [batchSize, batchSize], dtype: "float32" },
    ...(facts && {
      wrongIds: ids,
      said: { shape: [2 * batchSize, SAID_CHOICES.length], dtype: "int32" } as const,
    }),
  };
}

/**
 * Batches of images and captions. Where the truth about a picture is known, it is described anew each time, and beside
 * its caption comes one that is wrong in a single fact.
 */
export function contrastiveFeed(
  dataset: CaptionedDataset,
  options: ContrastiveFeedOptions,
): ReadyFeed {
  const { batchSize, seed, tokenizer } = options;
  const batches = createBatches(dataset, { batchSize, seed });
  let random = forkRandom(seed, "captions");

  /** Token ids of texts, changed a little as the options say. */
  function encode(texts: readonly string[]): Int32Array<ArrayBuffer> {
    const worn = texts.map((text) => dropArticles(text, options.droppedArticles, random));
    return tokenizer.encode(worn, {
      spell: () => random.uniform() < options.spelling ? 1 + random.integer(4) : 0,
    });
  }

  return {
    next() {
      const { images, indices } = batches.next();
      const captions = Array.from(indices, (index) => {
        const facts = dataset.facts?.[index];
        return facts ? describe(facts, random) : dataset.captions[index]!;
      });
      const facts = factsOf(dataset, indices);
      const texts = captionTensors({ captions, facts, random, length: tokenizer.length, encode });
      const after = { data: batches.save(), generators: { captions: random.save() } };
      return {
        tensors: { images: float32([batchSize, ...dataset.shape], images), ...texts },
        after,
      };
    },
    restore({ data, generators }) {
      batches.restore(data as BatchesState);
      if (!generators.captions) {
        throw new RangeError('The saved position has no generator "captions"');
      }
      random = createRandom(generators.captions);
    },
  };
}

/** The same pictures with their own captions, in their order, in batches of one size: what is judged by. */
export function contrastiveBatches(
  dataset: CaptionedDataset,
  { batchSize, count, seed, tokenizer }: {
    batchSize: number;
    /** Batches. */
    count: number;
    seed: number;
    tokenizer: Tokenizer;
  },
): { batches: HostRecord[]; captions: string[]; facts: readonly PictureFacts[] | undefined } {
  const random = forkRandom(seed, "held-out captions");
  const { length, encode } = tokenizer;
  const all = Array.from({ length: batchSize * count }, (_, i) => i % dataset.size);
  const captionsOf = (indices: number[]) => indices.map((index) => dataset.captions[index]!);
  const batches = Array.from({ length: count }, (_, i): HostRecord => {
    const indices = all.slice(i * batchSize, (i + 1) * batchSize);
    const facts = factsOf(dataset, indices), captions = captionsOf(indices);
    return {
      images: float32([batchSize, ...dataset.shape], batchOf(dataset, indices).images),
      ...captionTensors({ captions, facts, random, length, encode }),
    };
  });
  return { batches, captions: captionsOf(all), facts: factsOf(dataset, all) };
}

/** All of a batch but its images. */
function captionTensors(
  { captions, facts, random, length, encode }: {
    captions: readonly string[];
    facts: readonly PictureFacts[] | undefined;
    random: Random;
    length: number;
    encode: (texts: readonly string[]) => Int32Array<ArrayBuffer>;
  },
): HostRecord {
  const count = captions.length;
  const tensors: HostRecord = {
    ids: int32([count, length], encode(captions)),
    alsoTrue: float32([count, count], alsoTrue(captions, facts)),
  };
  if (facts) {
    const wrong = facts.map((one) => changeOneFact(one, random));
    const texts = wrong.map((one) => describe(one, random));
    tensors.wrongIds = int32([count, length], encode(texts));
    const said = [...facts, ...wrong].flatMap(saidClasses);
    tensors.said = int32([2 * count, SAID_CHOICES.length], said);
  }
  return tensors;
}

function factsOf(dataset: CaptionedDataset, indices: Iterable<number>) {
  const { facts } = dataset;
  return facts && Array.from(indices, (index) => facts[index]!);
}

/**
 * 1 where caption j could be said of image i as well: `[B, B]`, images in rows; the diagonal is 1. Without the truth
 * about pictures, captions count as the same if their words are.
 */
export function alsoTrue(
  captions: readonly string[],
  facts: readonly PictureFacts[] | undefined,
): Float32Array<ArrayBuffer> {
  const count = captions.length;
  const matrix = new Float32Array(count * count);
  for (let image = 0; image < count; image++) {
    for (let text = 0; text < count; text++) {
      const fits = image === text || captions[image] === captions[text] ||
        (facts !== undefined && couldDescribe(facts[text]!, facts[image]!));
      if (fits) matrix[image * count + text] = 1;
    }
  }
  return matrix;
}

function dropArticles(text: string, share: number, random: Random): string {
  if (share === 0) return text;
  return text.split(" ").filter((word) => !/^(an?|the)$/i.test(word) || random.uniform() >= share)
    .join(" ");
}
