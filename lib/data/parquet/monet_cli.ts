/** deno task data prepare monet: rows of MONET, or of parquet files like it, into shards. */
import { join } from "node:path";
import { numberAbove0, numberFrom0, oneOf, readArguments, wholeNumber } from "../../arguments.ts";
import { openTextEncoder } from "../../text/mod.ts";
import { prepareInto, readShape } from "../shards/prepare_cli.ts";
import { folderName, SHARDS_CACHE } from "../shards/cache.ts";
import { readManifest } from "../shards/manifest.ts";
import type { RowFilters } from "./filters.ts";
import {
  describeScan,
  isMonetPlace,
  MONET_COLUMNS,
  type MonetColumns,
  type MonetOptions,
  openMonet,
} from "./monet_source.ts";

const COLUMN_NAMES = Object.keys(MONET_COLUMNS) as (keyof MonetColumns)[];

const USAGE = `deno task data prepare monet --source WHERE

  Chooses rows of MONET, or of parquet files like it, and writes them into shards.
  Stopped at any point, the same command goes on where it was.

  --source WHERE       a .parquet file, a folder, or an address: of a file, of a dataset
                       (https://huggingface.co/datasets/jasperai/monet) or a folder of one (…/tree/main/FOLDER)
  --max 10000          most rows that are kept
  --aesthetic 5.5  --nsfw 0.2  --watermark 0.2  --aspect 0.75-1.33  --side 512
                       which rows are kept; off for any of them switches it off
  --text clip          what encodes captions: clip, tower, bag-of-words; or column for stored vectors
  --keep-length        leaves stored vectors as long as they are
  --latent-shape 32,16,16  --latent-scale 1
                       channels, height and width as stored; what they are multiplied with
  --column KEY=NAME    another column, any number of times; KEY is one of
                       ${COLUMN_NAMES.join(", ")}
  --out FOLDER  --shard-mb 8
`;

const OPTIONS = {
  source: "value",
  max: "value",
  aesthetic: "value",
  nsfw: "value",
  watermark: "value",
  aspect: "value",
  side: "value",
  text: "value",
  "keep-length": "flag",
  "latent-shape": "value",
  "latent-scale": "value",
  column: "list",
  out: "value",
  "shard-mb": "value",
  help: "flag",
} as const;

type Value = (option: keyof typeof OPTIONS) => string | undefined;

/** Runs `deno task data prepare monet`; throws an error of one sentence for whatever it does not accept. */
export async function runMonet(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const { words: [extra], options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  if (extra !== undefined) throw new RangeError(`Cannot read "${extra}"\n\n${USAGE}`);
  const value: Value = (option) => options[option]?.[0];
  const textName = value("text") ?? "clip", stored = textName === "column";
  const settings = readSettings(value, options.column ?? []);
  const targetBytes = Math.ceil(numberAbove0("shard-mb", value("shard-mb") ?? "8") * 2 ** 20);

  const source = await openMonet({
    ...settings,
    vectors: stored ? "column" : "captions",
    normalise: options["keep-length"] === undefined,
  });
  const encoder = stored ? undefined : await openTextEncoder(textName);
  try {
    const prepare = { ...(encoder && { encoder }), targetBytes };
    const folder = value("out") ?? join(SHARDS_CACHE, folderName(source, prepare));
    await prepareInto(folder, source, prepare, print);
    const { next } = (await readManifest(folder))!;
    if (isMonetPlace(next)) { for (const line of describeScan(next)) print(line); }
  } finally {
    await source.dispose?.();
    await encoder?.dispose();
  }
}

function readSettings(value: Value, columns: readonly string[]): MonetOptions {
  const source = value("source"), max = value("max");
  if (source === undefined) throw new RangeError(`Name where rows come from\n\n${USAGE}`);
  return {
    source,
    ...(max !== undefined && { max: wholeNumber("max", max, 1, 1e9) }),
    filters: readFilters(value),
    columns: Object.fromEntries(columns.map(readColumn)),
    latentShape: readShape(value("latent-shape") ?? "32,16,16", "channels,height,width"),
    latentScale: numberAbove0("latent-scale", value("latent-scale") ?? "1"),
  };
}

function readFilters(value: Value): Partial<RowFilters> {
  const filters: Partial<RowFilters> = {};
  for (const name of ["aesthetic", "nsfw", "watermark", "side"] as const) {
    const text = value(name);
    if (text !== undefined) filters[name] = text === "off" ? null : numberFrom0(name, text);
  }
  const aspect = value("aspect");
  if (aspect === "off") filters.aspect = null;
  else if (aspect !== undefined) {
    const [, least, most] = /^([\d.]+)-([\d.]+)$/.exec(aspect) ?? [];
    if (least === undefined || !(Number(least) <= Number(most))) {
      throw new RangeError(`Option --aspect is "${aspect}": expected two numbers, as in 0.75-1.33`);
    }
    filters.aspect = [Number(least), Number(most)];
  }
  return filters;
}

function readColumn(text: string): [keyof MonetColumns, string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new RangeError(`Option --column is "${text}": expected KEY=NAME`);
  return [oneOf("column", text.slice(0, equals), COLUMN_NAMES), text.slice(equals + 1)];
}
