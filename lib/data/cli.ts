/**
 * deno task data: lists, fetches, verifies and draws datasets.
 *
 *     deno task data list
 *     deno task data fetch mnist
 *     deno task data verify
 *     deno task data preview digits --count 100 --seed 3 --out runs/digits.png
 */
import { dirname } from "node:path";
import { parseArgs } from "node:util";
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

const OPTIONS = ["count", "seed", "split", "out", "folder", "help"] as const;
type Options = Partial<Record<typeof OPTIONS[number], string>>;
type Print = (line: string) => void;
type Command = (name: string | undefined, options: Options, print: Print) => Promise<void>;

const COMMANDS: Readonly<Record<string, Command>> = { list, fetch: fetchData, verify, preview };

/** Runs one command line; throws an error of one sentence for whatever it does not accept. */
export async function runData(args: readonly string[], print: Print = console.log): Promise<void> {
  const { command, name, options } = read(args);
  if (command === undefined || options.help !== undefined) return print(USAGE);
  const run = Object.hasOwn(COMMANDS, command) && COMMANDS[command];
  if (!run) throw unknown("command", command, Object.keys(COMMANDS));
  if (name !== undefined) checkDatasetName(name);
  await run(name, options, print);
}

async function list(_name: string | undefined, { folder }: Options, print: Print): Promise<void> {
  for (const [name, about] of Object.entries(DATASETS)) print(`${name.padEnd(8)} ${about}`);
  const here = (await verifyMnist(folder)).filter(({ state }) => state !== "missing");
  print(
    here.length > 0
      ? `mnist has ${here.length} of 4 files in ${folder ?? MNIST_CACHE}`
      : "mnist is not on this machine yet: deno task data fetch mnist",
  );
}

async function fetchData(name: string | undefined, { folder }: Options, print: Print) {
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

async function verify(name: string | undefined, { folder }: Options, print: Print) {
  if (name !== "mnist") print(`digits: generated, version ${DIGITS_VERSION}, nothing to verify`);
  if (name === "digits") return;
  const files = await verifyMnist(folder);
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
  const count = wholeNumber("count", options.count ?? "100", 1, 2500);
  const seed = wholeNumber("seed", options.seed ?? "0", 0, 2 ** 32 - 1);
  const split = (options.split ?? "train") as Split, { folder } = options;
  const out = options.out ?? `runs/preview-${name}.png`;

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

function read(args: readonly string[]) {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      OPTIONS.map((name) => [name, { type: name === "help" ? "boolean" : "string" }] as const),
    ),
  });
  const words: string[] = [], options: Options = {};
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const known = OPTIONS.find((name) => name === token.name);
    if (!known) throw unknown("option", token.name, OPTIONS, "--");
    if (known !== "help" && !token.value) throw new RangeError(`Option --${known} needs a value`);
    options[known] = token.value ?? "";
  }
  const [command, name, ...rest] = words;
  if (rest.length > 0) {
    throw new RangeError(`Cannot read "${rest[0]}": after the command comes one name`);
  }
  return { command, name, options };
}

function wholeNumber(name: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new RangeError(
    `Option --${name} is "${text}": expected a whole number from ${from} to ${to}`,
  );
}

function unknown(what: string, word: string, valid: readonly string[], dashes = ""): RangeError {
  const meant = suggest(word, valid);
  return new RangeError(
    `There is no ${what} "${dashes}${word}": ` +
      (meant
        ? `did you mean "${dashes}${meant}"?`
        : `expected ${valid.map((one) => dashes + one).join(", ")}`),
  );
}

if (import.meta.main) {
  try {
    await runData(Deno.args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
