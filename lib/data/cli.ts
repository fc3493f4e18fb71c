/**
 * deno task data: lists, fetches, verifies and draws datasets.
 *
 *     deno task data list
 *     deno task data fetch mnist
 *     deno task data verify
 *     deno task data preview digits --count 100 --seed 3 --out runs/digits.png
 */
import { dirname } from "node:path";
import { type Arguments, readArguments, runCommand, wholeNumber } from "../arguments.ts";
import { imageGrid } from "../display/image_grid.ts";
import { suggest } from "../suggest.ts";
import { batchOf, createBatches } from "./batches.ts";
import { checkDatasetName, DATASETS, loadDataset, type Split } from "./dataset.ts";
import { DIGITS_VERSION } from "./digits/mod.ts";
import type { DownloadProgress } from "./download.ts";
import { fetchMnist, MNIST_CACHE, verifyMnist } from "./mnist.ts";

const USAGE = `deno task data COMMAND

  list                what there is, and what is on this machine
  fetch mnist         downloads a dataset and checks it
  verify [NAME]       compares files with their checksums
  preview NAME        draws images with their labels into a PNG
      --count 100  --seed 0  --split train|heldout  --out runs/preview-NAME.png

  --folder PATH       where the files of a downloaded dataset are, instead of datasets/cache
`;

const OPTIONS = {
  count: "value",
  seed: "value",
  split: "value",
  out: "value",
  folder: "value",
  help: "flag",
} as const;

type Options = Arguments<keyof typeof OPTIONS>["options"];
type Print = (line: string) => void;
type Command = (name: string | undefined, options: Options, print: Print) => Promise<void>;

const COMMANDS: Readonly<Record<string, Command>> = { list, fetch: fetchData, verify, preview };

/** Runs one command line; throws an error of one sentence for whatever it does not accept. */
export async function runData(args: readonly string[], print: Print = console.log): Promise<void> {
  const { words: [command, name, extra], options } = readArguments(args, OPTIONS);
  if (command === undefined || options.help) return print(USAGE);
  if (extra !== undefined) {
    throw new RangeError(`Cannot read "${extra}": after the command comes one name`);
  }
  const run = Object.hasOwn(COMMANDS, command) && COMMANDS[command];
  if (!run) throw unknownCommand(command);
  if (name !== undefined) checkDatasetName(name);
  await run(name, options, print);
}

async function list(_name: string | undefined, options: Options, print: Print): Promise<void> {
  const folder = options.folder?.[0];
  for (const [name, about] of Object.entries(DATASETS)) print(`${name.padEnd(8)} ${about}`);
  const here = (await verifyMnist(folder)).filter(({ state }) => state !== "missing");
  print(
    here.length > 0
      ? `mnist has ${here.length} of 4 files in ${folder ?? MNIST_CACHE}`
      : "mnist is not on this machine yet: deno task data fetch mnist",
  );
}

async function fetchData(name: string | undefined, options: Options, print: Print): Promise<void> {
  const folder = options.folder?.[0];
  if (name === undefined) throw new RangeError("Name what to fetch: deno task data fetch mnist");
  if (name === "digits") return print("digits is generated as it is needed: nothing to fetch");
  const done = await fetchMnist({
    ...(folder && { folder }),
    ...(Deno.stderr.isTerminal() && { onProgress: showProgress }),
  });
  for (const file of done) print(`${file.name.padEnd(28)} ${file.outcome}, checksum right`);
}

function showProgress({ name, received, total }: DownloadProgress): void {
  const of = total === undefined ? "" : ` of ${(total / 1e6).toFixed(1)}`;
  const line = `${name}  ${(received / 1e6).toFixed(1)}${of} MB`;
  Deno.stderr.writeSync(new TextEncoder().encode(`\r${line}${received === total ? "\n" : ""}`));
}

async function verify(name: string | undefined, options: Options, print: Print): Promise<void> {
  if (name !== "mnist") print(`digits: generated, version ${DIGITS_VERSION}, nothing to verify`);
  if (name === "digits") return;
  const files = await verifyMnist(options.folder?.[0]);
  for (const file of files) print(`mnist: ${file.name.padEnd(28)} ${file.state}`);
  const wrong = files.filter(({ state }) => state === "wrong").map((file) => file.name);
  if (wrong.length > 0) {
    throw new Error(
      `Damaged: ${wrong.join(", ")}. Delete them and run \`deno task data fetch mnist\``,
    );
  }
}

async function preview(name: string | undefined, options: Options, print: Print): Promise<void> {
  if (name === undefined) {
    throw new RangeError(`Name a dataset: ${Object.keys(DATASETS).join(", ")}`);
  }
  const count = wholeNumber("count", options.count?.[0] ?? "100", 1, 2500);
  const seed = wholeNumber("seed", options.seed?.[0] ?? "0", 0, 2 ** 32 - 1);
  const split = (options.split?.[0] ?? "train") as Split, folder = options.folder?.[0];
  const out = options.out?.[0] ?? `runs/preview-${name}.png`;
  if (!out.endsWith(".png")) {
    throw new RangeError(`Cannot draw into "${out}": expected a .png file`);
  }

  const generated = name === "digits";
  const dataset = await loadDataset(name, {
    split,
    seed,
    ...(generated && { size: count }),
    ...(folder && { folder }),
  });
  if (count > dataset.size) {
    throw new RangeError(`Cannot draw ${count} images: ${dataset.description}`);
  }
  const { images, labels } = generated
    ? batchOf(dataset, Array.from(dataset.labels.keys()))
    : createBatches(dataset, { batchSize: count, seed }).next();
  const [height, width, channels] = dataset.shape;
  const png = await imageGrid({ data: images, count, height, width, channels }, {
    columns: Math.min(count, 10 * Math.ceil(Math.sqrt(count) / 10)),
    labels: [...labels].map((label) => dataset.classes[label]!),
    title: `${name}, ${split === "train" ? "training" : "held-out"} images, seed ${seed}`,
  });
  await writePng(out, png);
  print(`${dataset.description}\n${count} of them drawn in ${out}`);
}

async function writePng(path: string, png: Uint8Array): Promise<void> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, png);
  } catch (error) {
    throw new Error(`Cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function unknownCommand(command: string): RangeError {
  const names = Object.keys(COMMANDS), meant = suggest(command, names);
  return new RangeError(
    `There is no command "${command}": ` +
      (meant ? `did you mean "${meant}"?` : `expected ${names.join(", ")}`),
  );
}

if (import.meta.main) {
  await runCommand(runData);
}
