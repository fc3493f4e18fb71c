import type { Random } from "../../random.ts";
import type { Dataset, DatasetOptions, Split } from "../dataset.ts";
import { streamRandom } from "../stream_random.ts";
import { smoothCurve } from "./curves.ts";
import { bendLine, jitter, randomBend } from "./hand.ts";
import { drawInk, IMAGE_SIZE } from "./pen.ts";
import { skeleton } from "./skeletons.ts";

/** Raised whenever the same seed gives other images than before. */
export const DIGITS_VERSION = 1;

/** Two gigabytes of pixels: about the largest array that every machine can make. */
const MOST_IMAGES = 2_500_000;

/**
 * A dataset of handwriting-like digits, every class equally often.
 *
 * The held-out split draws from another random stream, so it shares no image with the training one.
 */
export function digits(options: DatasetOptions = {}): Dataset {
  const { split = "train", seed = 0 } = options;
  const { size = split === "train" ? 20_000 : 2_000 } = options;
  const pixels = IMAGE_SIZE * IMAGE_SIZE;
  if (size > MOST_IMAGES) {
    throw new RangeError(
      `Cannot draw ${size} digits: they are kept in memory, at most ${MOST_IMAGES} of them`,
    );
  }
  const images = new Uint8Array(size * pixels), labels = new Uint8Array(size);
  for (let index = 0; index < size; index++) {
    labels[index] = index % 10;
    drawDigit(
      index % 10,
      randomAt(seed, split, index),
      images.subarray(index * pixels, (index + 1) * pixels),
    );
  }
  return {
    name: "digits",
    size,
    shape: [IMAGE_SIZE, IMAGE_SIZE, 1],
    classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    images,
    labels,
    fingerprint: `digits:version ${DIGITS_VERSION}:${split}:seed ${seed}:size ${size}`,
    description: `Generated handwriting-like digits: ${size.toLocaleString("en")} images of the ` +
      `${split} stream, seed ${seed}, version ${DIGITS_VERSION}`,
  };
}

/**
 * One image of {@linkcode digits} by itself: its pixels [28, 28, 1], ink 255 on 0, and label.
 *
 * Depends on the seed, the split and the index alone.
 */
export function digitAt(
  index: number,
  { split = "train", seed = 0 }: { split?: Split; seed?: number } = {},
): { image: Uint8Array<ArrayBuffer>; label: number } {
  const image = new Uint8Array(IMAGE_SIZE * IMAGE_SIZE), label = index % 10;
  drawDigit(label, randomAt(seed, split, index), image);
  return { image, label };
}

/** Draws one random handwriting of a digit into an image [28, 28, 1]. */
export function drawDigit(digit: number, random: Random, image: Uint8Array): void {
  const bend = randomBend(random);
  const strokes = jitter(skeleton(digit, random), 0.017, random);
  drawInk(strokes.map((stroke) => bendLine(smoothCurve(stroke), bend)), random, image);
}

function randomAt(seed: number, split: Split, index: number): Random {
  return streamRandom(seed, split === "train" ? 1 : 2, index);
}
