import { POOLED_WIDTH } from "../models/text_conditioning.ts";
import { sizeOf } from "../tensors.ts";
import type { CaptionedDataset } from "./contrastive_feed.ts";
import type { Chapter } from "./report.ts";
import type { SampleSet } from "./task.ts";

/** Pairs among which each is searched. */
export const RETRIEVAL = 256;

/** How well images and their captions find each other among {@linkcode RETRIEVAL} pairs that were kept aside. */
export interface RetrievalNumbers {
  /** Share of images that fit their own caption best, and mean place of that caption (1 is first). */
  text_of_image_first: number;
  text_of_image_place: number;
  /** Share of captions that fit their own image best, and mean place of that image. */
  image_of_text_first: number;
  image_of_text_place: number;
  /** Share of images that fit their caption better than one that is wrong in a single fact. */
  right_over_wrong?: number;
}

/**
 * Compares N images with N captions by the products of their vectors, both `[N, 512]`.
 *
 * `alsoTrue` `[N, N]` is 1 where a caption also describes another image: such pairs are no mistakes, so they are
 * passed over. Equal products count as half a mistake each, so that vectors which are all the same win nothing.
 */
export function retrieval(
  images: Float32Array,
  texts: Float32Array,
  alsoTrue: Float32Array,
): RetrievalNumbers {
  const count = images.length / POOLED_WIDTH;
  const scores = similarities(images, texts);
  const places = (at: (own: number, other: number) => number) =>
    Array.from({ length: count }, (_, own) => {
      let place = 1;
      for (let other = 0; other < count; other++) {
        if (other === own || alsoTrue[at(own, other)]! > 0) continue;
        const ahead = scores[at(own, other)]! - scores[at(own, own)]!;
        if (ahead >= 0) place += ahead > 0 ? 1 : 0.5;
      }
      return place;
    });
  const ofImages = places((image, text) => image * count + text);
  const ofTexts = places((text, image) => image * count + text);
  return {
    text_of_image_first: shareFirst(ofImages),
    text_of_image_place: mean(ofImages),
    image_of_text_first: shareFirst(ofTexts),
    image_of_text_place: mean(ofTexts),
  };
}

/**
 * The pictures of a dataset that fit some of its captions best, a caption per row, best first.
 *
 * `pairs` are the vectors `[N, 512]` of the dataset's first N pictures and captions.
 */
export function bestPictures(
  { images, shape, captions }: CaptionedDataset,
  pairs: { images: Float32Array; texts: Float32Array },
  { rows, columns }: { rows: number; columns: number },
): SampleSet {
  const count = pairs.images.length / POOLED_WIDTH, size = sizeOf(shape);
  const scores = similarities(pairs.images, pairs.texts);
  // Neighbours have captions of different stages; the same ones each time.
  const texts = Array.from({ length: Math.min(rows, count) }, (_, i) => i);
  const across = Math.min(columns, count);
  const chosen = texts.flatMap((text) =>
    Array.from({ length: count }, (_, image) => image)
      .sort((a, b) => scores[b * count + text]! - scores[a * count + text]!).slice(0, across)
  );
  const data = new Float32Array(chosen.length * size);
  chosen.forEach((image, place) => {
    for (let i = 0; i < size; i++) {
      data[place * size + i] = images[(image % (images.length / size)) * size + i]! / 127.5 - 1;
    }
  });
  return {
    images: data,
    count: chosen.length,
    shape,
    columns: across,
    rows: texts.map((text) => captions[text % captions.length]!),
  };
}

/** Products of all images with all texts: both `[N, 512]` → `[N, N]`, images in rows. */
function similarities(images: Float32Array, texts: Float32Array): Float32Array {
  const count = images.length / POOLED_WIDTH;
  const scores = new Float32Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      let sum = 0;
      for (let d = 0; d < POOLED_WIDTH; d++) {
        sum += images[i * POOLED_WIDTH + d]! * texts[j * POOLED_WIDTH + d]!;
      }
      scores[i * count + j] = sum;
    }
  }
  return scores;
}

/** The numbers as a chapter of a report. */
export function retrievalChapter(numbers: RetrievalNumbers): Chapter {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const row = (name: string, value: string, floor: string, meaning: string) => {
    return { name, value, ceiling: "", floor, meaning };
  };
  const half = String((RETRIEVAL + 1) / 2), chance = percent(1 / RETRIEVAL);
  const { right_over_wrong: right } = numbers;
  return {
    key: "retrieval",
    title: "Pictures and captions that find each other",
    data: numbers,
    rows: [
      row("own caption first", percent(numbers.text_of_image_first), chance, "of pictures: more"),
      row("place of the own caption", numbers.text_of_image_place.toFixed(1), half, "mean: less"),
      row("own picture first", percent(numbers.image_of_text_first), chance, "of captions: more"),
      row("place of the own picture", numbers.image_of_text_place.toFixed(1), half, "mean: less"),
      ...(right === undefined ? [] : [
        row("right over wrong", percent(right), percent(0.5), "one fact changed: more"),
      ]),
    ],
    note: `Among ${RETRIEVAL} pairs that were kept aside. A caption that is also true of another ` +
      "picture is passed over there.",
  };
}

function shareFirst(places: readonly number[]): number {
  return mean(places.map((place) => place === 1 ? 1 : 0));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
