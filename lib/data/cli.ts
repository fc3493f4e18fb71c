/**
 * deno task data: lists, fetches, verifies, draws, checks and exports datasets.
 *
 *     deno task data list
 *     deno task data fetch mnist
 *     deno task data verify
 *     deno task data preview digits --count 100 --seed 3 --out runs/digits.png
 *     deno task data prepare pictures --stage nouns --count 20000
 *     deno task data preview pictures --stage scenes --size 64
 *     deno task data export pictures --out runs/mine --count 200
 *     deno task data check runs/mine
 */
import { type Arguments, readArguments, runCommand } from "../arguments.ts";
import { suggest } from "../suggest.ts";
import { checkDatasetName, DATASETS } from "./dataset.ts";
import { DIGITS_VERSION } from "./digits/mod.ts";
import type { DownloadProgress } from "./download.ts";
import { fetchClip, verifyClip } from "./fetch_clip.ts";
import { checkFolder, exportFolder, FOLDER_OPTIONS } from "./folder_cli.ts";
import { fetchMnist, MNIST_CACHE, verifyMnist } from "./mnist.ts";
import { readManifest } from "./shards/manifest.ts";
import { verifyShards } from "./shards/verify.ts";
import { PICTURES_VERSION } from "./pictures/mod.ts";
import { preview } from "./preview_cli.ts";

const USAGE = `deno task data COMMAND

  list                what there is, and what is on this machine
  fetch mnist         downloads a dataset and checks it
  fetch clip          downloads CLIP's text model and tokenizer, 250 MB: --set text.encoder=clip
  verify [NAME]       compares files with their checksums; also a folder of prepared shards
  preview NAME        draws images with their labels or captions into a PNG
      --count 100  --seed 0  --split train|heldout  --out runs/preview-NAME.png
      --size 64  --stage nouns|attributes|scenes  --combinations seen|unseen (pictures)
  export NAME         writes images and captions as files, as the dataset "folder" reads them
      --count 200  --captions csv|jsonl|txt  --out runs/exported-NAME  and those of preview
  check FOLDER        says which of your own images can be used, and why others cannot
      --size 64
  prepare NAME        turns images into shards of latents and text vectors (prepare --help)

  --folder PATH       your own images; or the files of a downloaded dataset, instead of datasets/cache
`;

const OPTIONS = { ...FOLDER_OPTIONS, help: "flag" } as const;

type Options = Arguments<keyof typeof OPTIONS>["options"];
type Print = (line: string) => void;
type Command = (name: string | undefined, options: Options, print: Print) => Promise<void>;

/** A text encoder, and so no dataset, but fetched and verified like one. */
const CLIP = "clip";

const COMMANDS: Readonly<Record<string, Command>> = {
  list,
  fetch: fetchData,
  verify,
  preview,
  export: exportFolder,
  check: checkFolder,
};

/** What is made as it is needed, or is yours: there is nothing to fetch or to verify. */
const WITHOUT_FILES: Readonly<Record<string, string>> = {
  digits: `generated, version ${DIGITS_VERSION}`,
  pictures: `generated, version ${PICTURES_VERSION}`,
  folder: "your own images, look at them with `deno task data check`",
};

/** Runs one command line; throws an error of one sentence for whatever it does not accept. */
export async function runData(args: readonly string[], print: Print = console.log): Promise<void> {
  if (args[0] === "prepare") {
    // Loaded only now: it brings the engine along.
    const { runPrepare } = await import("./shards/prepare_cli.ts");
    return await runPrepare(args.slice(1), print);
  }
  const { words: [command, name, extra], options } = readArguments(args, OPTIONS);
  if (command === undefined || options.help) return print(USAGE);
  if (extra !== undefined) {
    throw new RangeError(`Cannot read "${extra}": after the command comes one name`);
  }
  const run = Object.hasOwn(COMMANDS, command) && COMMANDS[command];
  if (!run) throw unknownCommand(command);
  if (command === "verify" && name !== undefined && await readManifest(name)) {
    return await verifyFolder(name, print);
  }
  const isClip = name === CLIP && (run === fetchData || run === verify);
  if (name !== undefined && command !== "check" && !isClip) checkDatasetName(name);
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
  if (name === undefined) {
    throw new RangeError("Name what to fetch: deno task data fetch mnist, or clip");
  }
  if (Object.hasOwn(WITHOUT_FILES, name)) {
    return print(`${name}: ${WITHOUT_FILES[name]}, nothing to fetch`);
  }
  const how = {
    ...(folder && { folder }),
    ...(Deno.stderr.isTerminal() && { onProgress: showProgress }),
  };
  if (name === CLIP) {
    for (const file of await fetchClip(how)) {
      print(`${file.name.padEnd(28)} ${file.outcome}, ${file.checked}`);
    }
    return;
  }
  const done = await fetchMnist(how);
  for (const file of done) print(`${file.name.padEnd(28)} ${file.outcome}, checksum right`);
}

function showProgress({ name, received, total }: DownloadProgress): void {
  const of = total === undefined ? "" : ` of ${(total / 1e6).toFixed(1)}`;
  const line = `${name}  ${(received / 1e6).toFixed(1)}${of} MB`;
  Deno.stderr.writeSync(new TextEncoder().encode(`\r${line}${received === total ? "\n" : ""}`));
}

async function verify(name: string | undefined, options: Options, print: Print): Promise<void> {
  for (const [without, why] of Object.entries(WITHOUT_FILES)) {
    if (name === without || name === undefined) print(`${without}: ${why}, nothing to verify`);
  }
  const folder = options.folder?.[0];
  // Without a name both are looked at, each in its own folder.
  for (const [files, verifyFiles] of [["mnist", verifyMnist], [CLIP, verifyClip]] as const) {
    if (name !== files && name !== undefined) continue;
    if (files === CLIP && name === undefined && folder !== undefined) continue;
    const states = await verifyFiles(folder);
    for (const file of states) print(`${files}: ${file.name.padEnd(28)} ${file.state}`);
    const wrong = states.filter(({ state }) => state === "wrong").map((file) => file.name);
    if (wrong.length > 0) {
      throw new Error(
        `Damaged: ${wrong.join(", ")}. Delete them and run \`deno task data fetch ${files}\``,
      );
    }
  }
}

async function verifyFolder(folder: string, print: Print): Promise<void> {
  const { manifest, shards } = await verifyShards(folder);
  for (const { file, rows, damage } of shards) print(`${file}  ${rows} rows  ${damage ?? "right"}`);
  print(
    `${manifest.dataset.description}: ${manifest.rows} rows` +
      (manifest.complete ? "" : ", not finished"),
  );
  const wrong = shards.filter(({ damage }) => damage !== undefined);
  if (wrong.length > 0) {
    throw new Error(
      `Damaged: ${wrong.map(({ file, damage }) => `${file} (${damage})`).join(", ")}. ` +
        "Run the same `deno task data prepare` again to make them anew",
    );
  }
}

function unknownCommand(command: string): RangeError {
  const names = [...Object.keys(COMMANDS), "prepare"], meant = suggest(command, names);
  return new RangeError(
    `There is no command "${command}": ` +
      (meant ? `did you mean "${meant}"?` : `expected ${names.join(", ")}`),
  );
}

if (import.meta.main) {
  await runCommand(runData);
}
