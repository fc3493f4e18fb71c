import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import source from "../../datasets/mnist.json" with { type: "json" };
import type { Dataset, DatasetOptions } from "./dataset.ts";
import { downloadFile, type DownloadProgress, sha256File } from "./download.ts";
import { readIdx } from "./idx.ts";

/** Where downloaded files are kept. */
export const MNIST_CACHE = fileURLToPath(new URL("../../datasets/cache/mnist", import.meta.url));

const CLASSES = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/**
 * MNIST from a folder of its IDX files, packed or not (LeCun, Cortes, Burges, 1998).
 *
 * With all four files the splits are MNIST's own, 60,000 and 10,000 images. With one pair of
 * images and labels, its last tenth is held out.
 */
export async function loadMnist(options: DatasetOptions = {}): Promise<Dataset> {
  const { split = "train", folder = MNIST_CACHE } = options;
  const train = await readPair(folder, "train"), test = await readPair(folder, "t10k");
  if (train && test) {
    return split === "train"
      ? part(train, 0, train.size, "the 60,000 training images", options)
      : part(test, 0, test.size, "the 10,000 test images", options);
  }
  const only = train ?? test;
  if (!only) {
    throw new RangeError(
      `MNIST is not in ${folder}: run \`deno task data fetch mnist\`, ` +
        `or name a folder that holds ${source.files[2]!.name} and ${source.files[3]!.name}`,
    );
  }
  const border = Math.floor(only.size * 0.9), of = `of the ${only.prefix} files`;
  return split === "train"
    ? part(only, 0, border, `the first ${count(border)} images ${of}`, options)
    : part(only, border, only.size, `the last ${count(only.size - border)} images ${of}`, options);
}

/** Options of {@linkcode fetchMnist}. */
export interface FetchOptions {
  folder?: string;
  /** Base addresses to try in turn, instead of the public mirrors. */
  mirrors?: readonly string[];
  onProgress?: (progress: DownloadProgress) => void;
  signal?: AbortSignal;
}

/** Downloads what is missing of MNIST, each file checked against its SHA-256; says what was done. */
export async function fetchMnist(
  options: FetchOptions = {},
): Promise<{ name: string; outcome: "present" | "downloaded" }[]> {
  const { folder = MNIST_CACHE, mirrors = source.mirrors, onProgress, signal } = options;
  const done = [];
  for (const { name, sha256 } of source.files) {
    const outcome = await downloadFile({
      name,
      sha256,
      folder,
      mirrors,
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
    });
    done.push({ name, outcome });
  }
  return done;
}

/** Compares the files in a folder with their SHA-256. */
export async function verifyMnist(
  folder: string = MNIST_CACHE,
): Promise<{ name: string; state: "right" | "wrong" | "missing" }[]> {
  return await Promise.all(source.files.map(async ({ name, sha256 }) => {
    const found = await sha256File(join(folder, name));
    return { name, state: found === undefined ? "missing" : found === sha256 ? "right" : "wrong" };
  }));
}

interface Pair {
  prefix: string;
  size: number;
  images: Uint8Array<ArrayBuffer>;
  labels: Uint8Array<ArrayBuffer>;
}

async function readPair(folder: string, prefix: string): Promise<Pair | undefined> {
  const images = await findFile(folder, `${prefix}-images`, "idx3-ubyte");
  const labels = await findFile(folder, `${prefix}-labels`, "idx1-ubyte");
  if (!images && !labels) return undefined;
  if (!images || !labels) {
    const missing = `${prefix}-${images ? "labels" : "images"}`;
    throw new RangeError(`Cannot load MNIST from ${folder}: ${missing} is missing there`);
  }
  const pixels = readIdx(images.bytes, images.path), classes = readIdx(labels.bytes, labels.path);
  const [size = 0, height, width] = pixels.shape;
  if (pixels.shape.length !== 3 || height !== 28 || width !== 28) {
    throw new RangeError(
      `Cannot use ${images.path}: it holds [${pixels.shape.join(", ")}], expected [N, 28, 28]`,
    );
  }
  if (classes.shape.length !== 1 || classes.shape[0] !== size) {
    throw new RangeError(
      `Cannot use ${labels.path}: it holds [${classes.shape.join(", ")}] labels ` +
        `for ${size} images, expected [${size}]`,
    );
  }
  const wrong = classes.data.find((label) => label > 9);
  if (wrong !== undefined) {
    throw new RangeError(`Cannot use ${labels.path}: it holds label ${wrong}, expected 0 … 9`);
  }
  return { prefix, size, images: pixels.data, labels: classes.data };
}

/** Finds a file under the names it goes by: with a dash or a dot, packed or not. */
async function findFile(
  folder: string,
  start: string,
  end: string,
): Promise<{ path: string; bytes: Uint8Array } | undefined> {
  for (const name of [`${start}-${end}.gz`, `${start}-${end}`, `${start}.${end}`]) {
    const path = join(folder, name);
    try {
      return { path, bytes: await Deno.readFile(path) };
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

function part(
  pair: Pair,
  from: number,
  to: number,
  what: string,
  { size = to - from }: DatasetOptions,
): Dataset {
  if (size > to - from) {
    throw new RangeError(`Cannot take ${count(size)} images of MNIST: ${what} are all there are`);
  }
  const images = pair.images.slice(from * 28 * 28, (from + size) * 28 * 28);
  const labels = pair.labels.slice(from, from + size);
  const hash = createHash("sha256").update(images).update(labels).digest("hex");
  const taken = size < to - from ? `the first ${count(size)} of ` : "";
  return {
    name: "mnist",
    size,
    shape: [28, 28, 1],
    classes: CLASSES,
    images,
    labels,
    fingerprint: `mnist:${hash.slice(0, 16)}`,
    description: `MNIST handwritten digits: ${taken}${what}`,
  };
}

function count(images: number): string {
  return images.toLocaleString("en");
}
