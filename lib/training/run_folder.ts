import { basename, dirname, join } from "node:path";
import type { TrainConfig } from "./config.ts";
import { checkWritable, explainDiskError, removeAll, writeFileWhole } from "../disk.ts";
import type { Provenance } from "./provenance.ts";
import { checkConfig } from "./settings.ts";

/** A run on disk: everything that a training leaves behind lies in one folder. */
export interface RunFolder {
  path: string;
  config: TrainConfig;
  provenance: Provenance;
}

/** Where runs lie unless another folder is named. */
export const RUNS = "runs";

/** Files of a run. */
export const FILES = {
  config: "config.json",
  provenance: "provenance.json",
  metrics: "metrics.jsonl",
  checkpoints: "checkpoints",
  samples: "samples",
  samplesPicture: "samples.png",
  progressPicture: "progress.png",
  report: "report.json",
  page: "report.html",
} as const;

/** Path of one of a run's files. */
export function runFile(run: Pick<RunFolder, "path">, file: keyof typeof FILES): string {
  return join(run.path, FILES[file]);
}

/** The folder that a new run gets: `runs/digits-20250131-174500`. */
export function runPath(name: string, now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return join(RUNS, `${name}-${day}-${time}`);
}

/** Throws a sentence unless a new run can be made at the path: not there yet or empty, and writable. */
export async function checkNewRun(path: string): Promise<void> {
  await checkWritable(dirname(path));
  try {
    const files = await Array.fromAsync(Deno.readDir(path));
    if (files.length === 0) return;
    const resume = files.some(({ name }) => name === FILES.config);
    throw new RangeError(
      `Cannot start a run in ${path}: the folder is not empty. Choose another with --out` +
        (resume ? `, or go on with what is there: --resume ${path}` : ""),
    );
  } catch (error) {
    if (error instanceof RangeError) throw error;
    if (!(error instanceof Deno.errors.NotFound)) {
      throw explainDiskError(error, `start a run in ${path}`);
    }
  }
}

/** Makes the folder with its frozen config and provenance; it appears with both or not at all. */
export async function createRun(
  path: string,
  config: TrainConfig,
  provenance: Provenance,
): Promise<RunFolder> {
  await checkNewRun(path);
  const hidden = join(dirname(path), `.${basename(path)}.starting`);
  try {
    await removeAll(hidden);
    await Deno.mkdir(join(hidden, FILES.checkpoints), { recursive: true });
    await Deno.mkdir(join(hidden, FILES.samples));
    await writeFileWhole(join(hidden, FILES.config), `${JSON.stringify(config, null, 2)}\n`);
    await writeFileWhole(
      join(hidden, FILES.provenance),
      `${JSON.stringify(provenance, null, 2)}\n`,
    );
    // An empty folder may be there already; anything else must stay.
    await Deno.remove(path).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    await Deno.rename(hidden, path);
  } catch (error) {
    throw explainDiskError(error, `start a run in ${path}`);
  }
  return { path, config, provenance };
}

/** Opens a run; throws a sentence if the folder is none, or its config cannot be read. */
export async function openRun(path: string): Promise<RunFolder> {
  const read = async (name: string) => {
    const file = join(path, name);
    try {
      return JSON.parse(await Deno.readTextFile(file));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) {
        throw new RangeError(`There is no run in ${path}: it has no ${name}`);
      }
      throw new RangeError(`Cannot read ${file}: ${(error as Error).message}`, { cause: error });
    }
  };
  const config = await read(FILES.config), provenance = await read(FILES.provenance);
  try {
    return { path, config: checkConfig(config), provenance };
  } catch (error) {
    throw new RangeError(`Cannot use the run in ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** The run that was started last; throws a sentence if there is none. */
export async function newestRun(root: string = RUNS): Promise<RunFolder> {
  let newest: RunFolder | undefined;
  for (const path of await runPaths(root)) {
    const run = await openRun(path).catch(() => undefined);
    if (run && (!newest || run.provenance.started > newest.provenance.started)) newest = run;
  }
  if (!newest) throw new RangeError(`There is no run in ${root} yet: deno task train makes one`);
  return newest;
}

async function runPaths(root: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(root));
    return entries.filter(({ name, isDirectory }) => isDirectory && !name.startsWith("."))
      .map(({ name }) => join(root, name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The run that the words of a command line name: one, or none for the run that was started last. */
export async function chosenRun(words: readonly string[]): Promise<RunFolder> {
  if (words[1] !== undefined) throw new RangeError(`Cannot read "${words[1]}": name one run`);
  return words[0] === undefined ? await newestRun() : await openRun(words[0]);
}
