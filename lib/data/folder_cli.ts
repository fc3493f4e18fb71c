import { join } from "node:path";
import { type Arguments, oneOf, wholeNumber } from "../arguments.ts";
import { loadDataset } from "./dataset.ts";
import { writeCsv } from "./folder/csv.ts";
import { inspectFolder } from "./folder/mod.ts";
import { PREVIEW_OPTIONS, readDatasetOptions, writeFile } from "./preview_cli.ts";

/** Options of the commands about folders of images. */
export const FOLDER_OPTIONS = { ...PREVIEW_OPTIONS, captions: "value" } as const;

type Options = Arguments<keyof typeof FOLDER_OPTIONS>["options"];
type Print = (line: string) => void;

/** How many skipped files are named one by one. */
const NAMED = 40;

/** `deno task data check FOLDER`: says what of a folder can be used, and what not and why. */
export async function checkFolder(
  folder: string | undefined,
  options: Options,
  print: Print,
): Promise<void> {
  if (folder === undefined) throw new RangeError("Name a folder: deno task data check photos");
  const imageSize = wholeNumber("size", options.size?.[0] ?? "64", 16, 1024);
  const { images, skipped, source } = await inspectFolder(folder, imageSize);
  print(`${images.length} images of ${folder} can be used, with captions from ${source}`);
  for (const { file, caption } of images.slice(0, 3)) print(`  ${file}: ${caption}`);
  if (images.length > 3) print(`  … and ${images.length - 3} more`);
  if (skipped.length === 0) return print("Nothing was skipped");
  print(`${skipped.length} were skipped:`);
  for (const { what, why } of skipped.slice(0, NAMED)) print(`  ${what}: ${why}`);
  if (skipped.length > NAMED) print(`  … and ${skipped.length - NAMED} more`);
}

/** `deno task data export pictures`: writes images as PNG files with their captions, as `folder` reads them. */
export async function exportFolder(
  name: string | undefined,
  options: Options,
  print: Print,
): Promise<void> {
  if (name === undefined) {
    throw new RangeError("Name what to export: deno task data export pictures");
  }
  const count = wholeNumber("count", options.count?.[0] ?? "200", 1, 100_000);
  const form = oneOf("captions", options.captions?.[0] ?? "csv", ["csv", "jsonl", "txt"] as const);
  const out = options.out?.[0] ?? `runs/exported-${name}`;
  const files = Array.from({ length: count }, (_, i) => `${String(i).padStart(5, "0")}.png`);
  const textOf = (file: string) => file.replace(".png", ".txt");
  await checkFree(out, [...files, ...(form === "txt" ? files.map(textOf) : [`captions.${form}`])]);
  const dataset = await loadDataset(name, { ...readDatasetOptions(name, options), size: count });
  const [height, width, channels] = dataset.shape, bytes = height * width * channels;
  const rows: { file: string; caption: string }[] = [];
  const { default: sharp } = await import("sharp");
  for (const [i, file] of files.entries()) {
    const caption = dataset.captions?.[i] ?? dataset.classes[dataset.labels[i]!]!;
    const pixels = dataset.images.subarray(i * bytes, (i + 1) * bytes);
    const raw = { width, height, channels: channels as 1 | 3 };
    await writeFile(join(out, file), await sharp(pixels, { raw }).png().toBuffer());
    if (form === "txt") await writeText(join(out, textOf(file)), `${caption}\n`);
    rows.push({ file, caption });
  }
  if (form === "csv") {
    const table = [["file", "caption"], ...rows.map(({ file, caption }) => [file, caption])];
    await writeText(join(out, "captions.csv"), writeCsv(table));
  }
  if (form === "jsonl") {
    const lines = rows.map((row) => JSON.stringify(row) + "\n").join("");
    await writeText(join(out, "captions.jsonl"), lines);
  }
  print(`${dataset.description}\n${count} of them written to ${out}, captions as ${form}`);
}

/** Other files would mix with these; those of an export that was interrupted are written again. */
async function checkFree(folder: string, files: readonly string[]): Promise<void> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const own = new Set(files), other = entries.find(({ name }) => !own.has(name));
  if (!other) return;
  throw new RangeError(
    `Cannot export into ${folder}: it holds other files, such as ${other.name}. ` +
      "Choose another with --out",
  );
}

async function writeText(path: string, text: string): Promise<void> {
  await writeFile(path, new TextEncoder().encode(text));
}
