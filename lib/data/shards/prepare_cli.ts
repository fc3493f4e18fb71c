/**
 * deno task data prepare: turns a dataset into shards of latents, text vectors and captions.
 *
 *     deno task data prepare pictures --stage nouns --count 20000
 *     deno task data prepare folder --folder my-pictures --out datasets/cache/shards/mine
 *     deno task data prepare digits --codec none --text none
 *     deno task data prepare monet --source https://huggingface.co/datasets/jasperai/monet --max 10000
 */
import { join } from "node:path";
import { numberAbove0, oneOf, readArguments, wholeNumber } from "../../arguments.ts";
import { openCodec } from "../../latents/mod.ts";
import { openTextEncoder } from "../../text/mod.ts";
import { checkDatasetName, type DatasetOptions, type Split } from "../dataset.ts";
import { STAGES } from "../pictures/facts.ts";
import { folderName, SHARDS_CACHE } from "./cache.ts";
import { openSource } from "./dataset_source.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { prepareShards } from "./prepare.ts";
import { prepareProgress } from "./progress.ts";
import type { RowSource } from "./source.ts";
import { STATISTICS } from "./statistics.ts";
import { syntheticSource } from "./synthetic.ts";

const USAGE = `deno task data prepare NAME

  Turns a dataset into shards: latents, text vectors, captions, ids and what is known about each row.
  Stopped at any point, the same command goes on where it was.

  --count 20000  --seed 0  --split train|heldout     which part of the dataset
  --stage nouns|attributes|scenes                    pictures: how much captions say
  --combinations seen|unseen  --image-size 64        pictures: which, and how large
  --folder PATH        where the files of the dataset are
  --codec vae          what makes latents: vae, the path of an autoencoder, or none for pixels
  --text tower         what encodes captions: tower, clip, bag-of-words, or none
  --out FOLDER         where shards go, instead of datasets/cache/shards/NAME-…
  --shard-mb 8         a shard is closed once it is so large

  NAME is a dataset; monet for published latents (prepare monet --help); or synthetic, random latents to try a
  model with: --count 2000 --latent-shape 16,16,32
`;

const OPTIONS = {
  count: "value",
  seed: "value",
  split: "value",
  stage: "value",
  combinations: "value",
  "image-size": "value",
  /** The same, as the other commands call it. */
  size: "value",
  folder: "value",
  codec: "value",
  text: "value",
  out: "value",
  "shard-mb": "value",
  "latent-shape": "value",
  help: "flag",
} as const;

/** Runs one command line; throws an error of one sentence for whatever it does not accept. */
export async function runPrepare(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  if (args[0] === "monet") {
    const { runMonet } = await import("../parquet/monet_cli.ts");
    return await runMonet(args.slice(1), print);
  }
  const { words: [name, extra], options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  if (name === undefined) throw new RangeError(`Name what to prepare\n\n${USAGE}`);
  if (extra !== undefined) throw new RangeError(`Cannot read "${extra}": one name is enough`);
  const synthetic = name === "synthetic";
  if (!synthetic) checkDatasetName(name);
  const value = (option: keyof typeof OPTIONS) => options[option]?.[0];
  const data = dataOptions(value);
  // Grey images have no codec among those that come with the course, and no captions of their own.
  const plain = name === "digits" || name === "mnist" || synthetic;
  const codecName = value("codec") ?? (plain ? "none" : "vae");
  const textName = value("text") ?? (plain ? "none" : "tower");
  const shardMb = numberAbove0("shard-mb", value("shard-mb") ?? "8");

  const codec = codecName === "none" ? undefined : await openCodec(codecName);
  const encoder = textName === "none" ? undefined : await openTextEncoder(textName);
  const source = synthetic
    ? syntheticSource({
      rows: data.size ?? 2000,
      seed: data.seed ?? 0,
      latentShape: readShape(value("latent-shape") ?? "16,16,32", "height,width,channels"),
    })
    : await openSource(name, data);
  try {
    const settings = {
      ...(codec && { codec }),
      ...(encoder && { encoder }),
      targetBytes: Math.ceil(shardMb * 2 ** 20),
    };
    const folder = value("out") ?? join(SHARDS_CACHE, folderName(source, settings, data));
    await prepareInto(folder, source, settings, print);
  } finally {
    await source.dispose?.();
    await codec?.dispose();
    await encoder?.dispose();
  }
}

/** Prepares with a progress line and says what came of it. */
export async function prepareInto(
  folder: string,
  source: RowSource,
  settings: Omit<Parameters<typeof prepareShards>[1], "folder">,
  print: (line: string) => void,
): Promise<void> {
  const before = (await readManifest(folder))?.rows ?? 0, begun = performance.now();
  const progress = prepareProgress();
  const repaired: string[] = [];
  let manifest: Manifest;
  try {
    manifest = await prepareShards(source, {
      ...settings,
      folder,
      onProgress: progress.show,
      onRepaired: ({ file, reason }) => repaired.push(`${file} (${reason})`),
    });
  } finally {
    progress.end();
  }
  const seconds = (performance.now() - begun) / 1000, made = manifest.rows - before;
  const bytes = manifest.shards.reduce((sum, shard) => sum + shard.bytes, 0);
  const { latent } = JSON.parse(await Deno.readTextFile(join(folder, STATISTICS)));
  const shown = (values: number[]) =>
    values.slice(0, 8).map((value) => value.toFixed(2)).join(" ") +
    (values.length > 8 ? " …" : "");
  print(source.description);
  print(
    `${manifest.rows.toLocaleString("en")} rows in ${manifest.shards.length} ${
      manifest.shards.length === 1 ? "shard" : "shards"
    }, ` +
      `${(bytes / 1e6).toFixed(1)} MB: ${folder}`,
  );
  print(
    `Latents [${manifest.latentShape.join(", ")}] by ${manifest.codec.name}, ` +
      `mean ${shown(latent.mean)}, deviation ${shown(latent.deviation)}`,
  );
  if (repaired.length > 0) print(`Damaged, and made again: ${repaired.join(", ")}`);
  print(
    made > 0
      ? `${made.toLocaleString("en")} of them made now, in ${seconds.toFixed(1)} s`
      : repaired.length > 0
      ? "All others were there before, and are right"
      : "All were there before, and are right",
  );
}

/** Three sizes from an option's text, as in `16,16,32`; throws a RangeError that says what was expected. */
export function readShape(text: string, order: string): readonly [number, number, number] {
  const sizes = text.split(",").map(Number);
  if (sizes.length !== 3 || !sizes.every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw new RangeError(`Option --latent-shape is "${text}": expected ${order}, as in 16,16,32`);
  }
  return sizes as [number, number, number];
}

function dataOptions(
  value: (option: keyof typeof OPTIONS) => string | undefined,
): DatasetOptions {
  const number = (option: "count" | "seed" | "image-size" | "size", from: number, to: number) => {
    const text = value(option);
    return text === undefined ? undefined : wholeNumber(option, text, from, to);
  };
  const size = number("count", 1, 1e9), seed = number("seed", 0, 2 ** 32 - 1);
  const imageSize = number("image-size", 1, 4096) ?? number("size", 1, 4096),
    folder = value("folder");
  const stage = value("stage"), combinations = value("combinations"), split = value("split");
  return {
    ...(size !== undefined && { size }),
    ...(seed !== undefined && { seed }),
    ...(imageSize !== undefined && { imageSize }),
    ...(folder !== undefined && { folder }),
    ...(stage !== undefined && { stage: oneOf("stage", stage, STAGES) }),
    ...(combinations !== undefined &&
      { combinations: oneOf("combinations", combinations, ["seen", "unseen"] as const) }),
    ...(split !== undefined && { split: split as Split }),
  };
}
