import { suggest } from "../suggest.ts";
import { digits } from "./digits/mod.ts";
import { loadFolder } from "./folder/mod.ts";
import { loadMnist } from "./mnist.ts";
import type { PictureFacts, Stage } from "./pictures/facts.ts";
import { pictures } from "./pictures/mod.ts";

/** Labelled images in memory. */
export interface Dataset {
  name: string;
  /** Number of images, N. */
  size: number;
  /** Height, width and channels of one image. */
  shape: readonly [height: number, width: number, channels: number];
  /** What each label means. */
  classes: readonly string[];
  /** Pixels [N, H, W, C], 0 … 255. */
  images: Uint8Array<ArrayBuffer>;
  /** Class of each image [N]. */
  labels: Uint8Array<ArrayBuffer>;
  /** A text for each image, where the dataset has texts [N]. */
  captions?: readonly string[];
  /** The exact truth about each image, where it is known [N]. */
  facts?: readonly PictureFacts[];
  /** Differs whenever the images or labels differ: stored with every run and checked on resuming. */
  fingerprint: string;
  /** One sentence for people: what it is, which part of it, where it came from. */
  description: string;
}

/** Which part of a dataset: what is trained on, or what is kept aside to judge by. */
export type Split = "train" | "heldout";

/** Options of {@linkcode loadDataset}. */
export interface DatasetOptions {
  /** The two splits have no image in common; "train" by default. */
  split?: Split;
  /** How many images; all there are by default (`digits` and `pictures`: 20,000 to train on, 2,000 held out). */
  size?: number;
  /** Seed of a generated dataset, 0 by default. */
  seed?: number;
  /** Folder of your own images; or that holds the files of a downloaded dataset, instead of `datasets/cache`. */
  folder?: string;
  /** `pictures`: how much captions say; all three stages in equal parts by default. */
  stage?: Stage;
  /** `pictures` and `folder`: height and width, 64 by default. */
  imageSize?: number;
  /**
   * `pictures`: which combinations of noun and colour; those that are trained on by default. "unseen" are those
   * that no training picture has.
   */
  combinations?: "seen" | "unseen";
}

/** One line about each dataset. */
export const DATASETS: Readonly<Record<string, string>> = {
  digits: "handwriting-like digits, 28×28 grey, generated from stroke models: any count",
  mnist: "handwritten digits, 28×28 grey, 60,000 + 10,000 images: downloaded, or a folder",
  pictures: "captioned pictures of things, RGB, generated from artwork: any count, any size",
  folder: "your own images with captions: a table (CSV, JSONL), or a text file beside each image",
};

/**
 * Loads a dataset by name.
 *
 * Throws a RangeError that lists the valid names or values when one is unknown.
 */
export async function loadDataset(name: string, options: DatasetOptions = {}): Promise<Dataset> {
  checkDatasetName(name);
  checkOptions(options);
  if (name === "pictures") return await pictures(options);
  if (name === "folder") return await loadFolder(options);
  return name === "digits" ? digits(options) : await loadMnist(options);
}

/** Throws a RangeError with the nearest valid name unless the dataset exists. */
export function checkDatasetName(name: string): void {
  if (Object.hasOwn(DATASETS, name)) return;
  const names = Object.keys(DATASETS), meant = suggest(name, names);
  throw new RangeError(
    `There is no dataset "${name}": ` + (meant ? `did you mean "${meant}"? ` : "") +
      `Datasets are ${names.join(", ")}`,
  );
}

function checkOptions({ split, size, seed }: DatasetOptions): void {
  if (split !== undefined && split !== "train" && split !== "heldout") {
    throw new RangeError(`There is no split "${split}": splits are train and heldout`);
  }
  if (size !== undefined && !(Number.isSafeInteger(size) && size > 0)) {
    throw new RangeError(`Cannot load ${size} images: the size must be a whole number above 0`);
  }
  if (seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
    throw new RangeError(`Cannot use seed ${seed}: it must be a whole number from 0 to 4294967295`);
  }
}
