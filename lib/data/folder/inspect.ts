import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Captioned, readCaptions, type Skipped } from "./captions.ts";

/** An image of a folder that can be used. */
export interface FolderImage extends Captioned {
  /** SHA-256 of the file. */
  sha256: string;
  /** Pixels [S, S, 3], 0 … 255. */
  pixels: Uint8Array;
}

/** What is usable in a folder, and what is not. */
export interface FolderReport {
  folder: string;
  /** Where captions come from: `"captions.csv"`, or `"text files"`. */
  source: string;
  /** In the order of their names. */
  images: FolderImage[];
  skipped: Skipped[];
}

/** How many images are decoded at once. */
const AT_ONCE = 8;

/**
 * Reads all images below a folder with their captions, cut to the middle square and scaled to `imageSize` pixels.
 *
 * Nothing is used that is not right: what is left out, and why, is in the report. Throws a RangeError when the folder
 * is not there or holds no images.
 */
export async function inspectFolder(folder: string, imageSize: number): Promise<FolderReport> {
  const files = await imagesBelow(folder);
  if (files.length === 0) {
    throw new RangeError(
      `There are no images in ${folder}: expected files that end in .png, .jpg, .jpeg, .webp or .gif`,
    );
  }
  const { source, captioned, skipped } = await readCaptions(folder, files);
  captioned.sort((a, b) => a.file < b.file ? -1 : 1);
  const images: FolderImage[] = [], bySha = new Map<string, string>();
  for (let from = 0; from < captioned.length; from += AT_ONCE) {
    const some = captioned.slice(from, from + AT_ONCE);
    const read = await Promise.all(some.map((one) => readImage(folder, one, imageSize)));
    for (const [i, image] of read.entries()) {
      const { file } = some[i]!;
      if (typeof image === "string") {
        skipped.push({ what: file, why: image });
        continue;
      }
      const same = bySha.get(image.sha256);
      if (same !== undefined) skipped.push({ what: file, why: `the same image as ${same}` });
      else {
        bySha.set(image.sha256, file);
        images.push(image);
      }
    }
  }
  return { folder, source, images, skipped };
}

/** The image, or why it cannot be used. */
async function readImage(
  folder: string,
  { file, caption }: Captioned,
  imageSize: number,
): Promise<FolderImage | string> {
  const { default: sharp } = await import("sharp");
  try {
    const bytes = await Deno.readFile(join(folder, file));
    if (bytes.length === 0) return "the file is empty";
    const pixels = await sharp(bytes)
      // As cameras meant it to be held; what is transparent becomes white.
      .autoOrient()
      .flatten({ background: "#ffffff" })
      .resize(imageSize, imageSize, { fit: "cover", position: "centre" })
      .toColourspace("srgb")
      .raw()
      .toBuffer();
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return { file, caption, sha256, pixels: new Uint8Array(pixels) };
  } catch (error) {
    return `it cannot be read as an image: ${(error as Error).message.split("\n")[0]}`;
  }
}

/** Paths of all images below a folder, with forward slashes, sorted. */
async function imagesBelow(folder: string, below = ""): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of openFolder(join(folder, below))) {
    if (name.startsWith(".")) continue;
    const path = below + name;
    if (isDirectory) files.push(...await imagesBelow(folder, `${path}/`));
    else if (/\.(png|jpe?g|webp|gif)$/i.test(name)) files.push(path);
  }
  return files.sort();
}

async function* openFolder(folder: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(folder);
  } catch (error) {
    throw new RangeError(`Cannot read the folder ${folder}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
