import { dirname } from "node:path";
import { type Arguments, oneOf, wholeNumber } from "../arguments.ts";
import { type GridOptions, imageGrid } from "../display/image_grid.ts";
import { batchOf, createBatches } from "./batches.ts";
import { type Dataset, type DatasetOptions, DATASETS, loadDataset, type Split } from "./dataset.ts";
import { STAGES } from "./pictures/facts.ts";

/** Options of the commands that draw images. */
export const PREVIEW_OPTIONS = {
  count: "value",
  seed: "value",
  split: "value",
  out: "value",
  folder: "value",
  stage: "value",
  size: "value",
  combinations: "value",
} as const;

type Options = Arguments<keyof typeof PREVIEW_OPTIONS>["options"];

/** Datasets that are drawn as they are needed: as many images as asked for. */
const GENERATED = ["digits", "pictures"];

/** `deno task data preview NAME`: draws images of a dataset with their labels or captions into a PNG. */
export async function preview(
  name: string | undefined,
  options: Options,
  print: (line: string) => void,
): Promise<void> {
  if (name === undefined) {
    throw new RangeError(`Name a dataset: ${Object.keys(DATASETS).join(", ")}`);
  }
  const count = wholeNumber(
    "count",
    options.count?.[0] ?? (name === "digits" ? "100" : "24"),
    1,
    2500,
  );
  const out = options.out?.[0] ?? `runs/preview-${name}.png`;
  if (!out.endsWith(".png")) {
    throw new RangeError(`Cannot draw into "${out}": expected a .png file`);
  }
  const asked = readDatasetOptions(name, options), generated = GENERATED.includes(name);
  const dataset = await loadDataset(name, { ...asked, ...(generated && { size: count }) });
  // A folder may well have fewer images than are drawn by default.
  const some = name === "folder" && !options.count ? Math.min(count, dataset.size) : count;
  if (some > dataset.size) {
    throw new RangeError(`Cannot draw ${some} images: ${dataset.description}`);
  }
  const chosen = generated
    ? Array.from({ length: some }, (_, i) => i)
    : createBatches(dataset, { batchSize: some, seed: asked.seed ?? 0 }).next().indices;
  await writeFile(out, await drawPreview(dataset, chosen, asked));
  print(`${dataset.description}\n${some} of them drawn in ${out}`);
}

/** What `--stage`, `--size` and so on ask of a dataset; throws a RangeError for values that cannot be. */
export function readDatasetOptions(name: string, options: Options): DatasetOptions {
  const { seed, split, folder, stage, size, combinations } = options;
  for (const [option, value] of Object.entries({ stage, combinations })) {
    if (value && name !== "pictures") {
      throw new RangeError(`Option --${option} is for pictures: ${name} has none`);
    }
  }
  if (size && name !== "pictures" && name !== "folder") {
    throw new RangeError(
      `Option --size is for pictures and folder: images of ${name} have one size`,
    );
  }
  return {
    seed: wholeNumber("seed", seed?.[0] ?? "0", 0, 2 ** 32 - 1),
    ...(split && { split: split[0] as Split }),
    ...(folder && { folder: folder[0]! }),
    ...(stage && { stage: oneOf("stage", stage[0]!, STAGES) }),
    ...(size && { imageSize: wholeNumber("size", size[0]!, 16, 1024) }),
    ...(combinations && {
      combinations: oneOf("combinations", combinations[0]!, ["seen", "unseen"] as const),
    }),
  };
}

async function drawPreview(
  dataset: Dataset,
  chosen: ArrayLike<number>,
  { split = "train", stage, combinations, seed = 0 }: DatasetOptions,
): Promise<Uint8Array> {
  const { images, labels } = batchOf(dataset, chosen), count = chosen.length;
  const [height, width, channels] = dataset.shape;
  const { captions } = dataset,
    words: GridOptions = captions
      ? {
        ...captionOptions(Array.from(chosen, (index) => captions[index]!), width),
        ...(dataset.name === "pictures" && !stage && stageTitles(dataset, chosen)),
      }
      : {
        columns: Math.min(count, 10 * Math.ceil(Math.sqrt(count) / 10)),
        labels: [...labels].map((label) => dataset.classes[label]!),
      };
  const part = [
    `${split === "train" ? "training" : "held-out"} images`,
    stage,
    combinations === "unseen" && "combinations that are never trained on",
    `seed ${seed}`,
  ];
  return await imageGrid({ data: images, count, height, width, channels }, {
    ...words,
    title: [dataset.name, ...part.filter(Boolean)].join(", "),
  });
}

/** Images about 160 pixels wide, six in a row, their captions below them in lines of that width. */
function captionOptions(labels: string[], width: number): GridOptions {
  const scale = Math.max(1, Math.round(160 / width));
  return { columns: Math.min(labels.length, 6), scale, gap: 14, labels, wordWidth: width * scale };
}

/** Stages come in turn, so where they are mixed each column has one of them. */
function stageTitles({ facts }: Dataset, chosen: ArrayLike<number>): GridOptions {
  const columns = Math.min(chosen.length, 6);
  return { columns, columnTitles: Array.from({ length: columns }, (_, i) => facts![i]!.stage) };
}

/** Writes a file and the folders above it; an error says which file. */
export async function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, bytes);
  } catch (error) {
    throw new Error(`Cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}
