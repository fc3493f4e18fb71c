import { createHash } from "node:crypto";
import type { Dataset, DatasetOptions } from "../dataset.ts";
import type { Skipped } from "./captions.ts";
import { type FolderImage, inspectFolder } from "./inspect.ts";

/**
 * Your own images with captions, cut to the middle square and scaled: `{ folder, imageSize, split, size }`.
 *
 * About a tenth is held out, chosen by a hash of the file's name, so that an image stays in its split when others come
 * or go. There are no classes and no facts: all labels are 0. Throws a RangeError when nothing in the folder is usable.
 */
export async function loadFolder(
  options: DatasetOptions = {},
): Promise<Dataset & { captions: readonly string[]; skipped: readonly Skipped[] }> {
  const { folder, split = "train", imageSize = 64 } = options;
  if (folder === undefined) {
    throw new RangeError('Which folder? Name it, as in `folder: "photos"` or --folder photos');
  }
  const { images: usable, skipped, source } = await inspectFolder(folder, checkSize(imageSize));
  const heldOut = namesHeldOut(usable.map(({ file }) => file));
  const all = usable.filter(({ file }) => heldOut.has(file) === (split === "heldout"));
  const size = options.size ?? all.length;
  if (size > all.length || all.length === 0) {
    throw new RangeError(
      `Cannot load ${
        options.size ?? "any"
      } ${split} images from ${folder}: there are ${all.length}` +
        (skipped.length > 0 ? `, and ${skipped.length} were skipped` : "") +
        `. Look with \`deno task data check ${folder}\``,
    );
  }
  const chosen = all.slice(0, size), bytes = imageSize * imageSize * 3;
  const images = new Uint8Array(size * bytes);
  for (const [i, { pixels }] of chosen.entries()) images.set(pixels, i * bytes);
  return {
    name: "folder",
    size,
    shape: [imageSize, imageSize, 3],
    classes: [],
    images,
    labels: new Uint8Array(size),
    captions: chosen.map(({ caption }) => caption),
    skipped,
    fingerprint: `folder:${imageSize} pixels:${split}:sha256 ${fingerprintOf(chosen)}`,
    description: `${size.toLocaleString("en")} ${split === "train" ? "training" : "held-out"} ` +
      `images of ${folder} with captions from ${source}, ${skipped.length} skipped`,
  };
}

/** Names, captions and bytes: the same for the same folder on every machine. */
function fingerprintOf(images: readonly FolderImage[]): string {
  const hash = createHash("sha256");
  for (const { file, caption, sha256 } of images) {
    hash.update(JSON.stringify([file, caption, sha256]));
  }
  return hash.digest("hex").slice(0, 16);
}

/** A tenth by the hash of the name; the lowest hash alone where that would be none. */
function namesHeldOut(files: readonly string[]): Set<string> {
  const ordered = files.map((file) => ({ file, at: position(file) })).sort((a, b) => a.at - b.at);
  const least = files.length > 1 ? 1 : 0;
  return new Set(ordered.filter(({ at }, i) => at < 0.1 || i < least).map(({ file }) => file));
}

/** A number in [0, 1) that depends on the name alone. */
function position(file: string): number {
  return createHash("sha256").update(file).digest().readUInt32BE() / 2 ** 32;
}

function checkSize(imageSize: number): number {
  if (Number.isSafeInteger(imageSize) && imageSize >= 8 && imageSize <= 1024) return imageSize;
  throw new RangeError(
    `Cannot scale images to ${imageSize} pixels: expected a whole number from 8 to 1024`,
  );
}

export { type FolderImage, type FolderReport, inspectFolder } from "./inspect.ts";
export type { Skipped } from "./captions.ts";
