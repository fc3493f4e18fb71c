import { join } from "node:path";
import { writeFileWhole } from "../../disk.ts";
import { runFile } from "../../training/run_folder.ts";
import type { CorruptionLosses } from "./corruption.ts";
import { comparisonPage, type SamplePair } from "./page.ts";
import { type CompareFolder, runPathOf, SIDES } from "./plan.ts";
import type { SpeedComparison } from "./speed.ts";
import { type Comparison, summarise } from "./summarise.ts";

/** Where a comparison's results lie. */
export const RESULTS = {
  numbers: "comparison.json",
  page: "comparison.html",
  speed: "speed.json",
  corruption: "corruption.json",
} as const;

/** Writes what is known so far: `comparison.json` and `comparison.html`. */
export async function writeComparison(folder: CompareFolder): Promise<Comparison> {
  const comparison = await summarise(folder, {
    speed: await readSpeed(folder),
    corruption: await readCorruption(folder),
  });
  const samples: SamplePair[] = [];
  for (const seed of comparison.seeds) {
    const pictures = await Promise.all(SIDES.map((side) => {
      const path = runFile({ path: runPathOf(folder, side, seed) }, "samplesPicture");
      return Deno.readFile(path).catch(() => undefined);
    }));
    const [a, b] = pictures;
    if (a && b) samples.push({ seed, a, b });
  }
  const numbers = `${JSON.stringify(comparison, null, 2)}\n`;
  await writeFileWhole(join(folder.path, RESULTS.numbers), numbers);
  await writeFileWhole(join(folder.path, RESULTS.page), comparisonPage(comparison, samples));
  return comparison;
}

/** Keeps a measurement of speed, so that it is made once. */
export async function saveSpeed(folder: CompareFolder, speed: SpeedComparison): Promise<void> {
  await save(folder, RESULTS.speed, speed);
}

/** The measurement of speed; null where there is none yet. */
export async function readSpeed(folder: CompareFolder): Promise<SpeedComparison | null> {
  return await read(folder, RESULTS.speed);
}

/** Keeps the losses under both corruptions. */
export async function saveCorruption(
  folder: CompareFolder,
  losses: CorruptionLosses,
): Promise<void> {
  await save(folder, RESULTS.corruption, losses);
}

/** The losses under both corruptions; null where there are none yet. */
export async function readCorruption(folder: CompareFolder): Promise<CorruptionLosses | null> {
  return await read(folder, RESULTS.corruption);
}

async function save({ path }: CompareFolder, name: string, value: object): Promise<void> {
  await writeFileWhole(join(path, name), `${JSON.stringify(value, null, 2)}\n`);
}

async function read<T>({ path }: CompareFolder, name: string): Promise<T | null> {
  try {
    // JSON has no NaN, the ends of an interval that there is not, and writes null.
    return JSON.parse(
      await Deno.readTextFile(join(path, name)),
      (key, value) => value === null && (key === "low" || key === "high") ? NaN : value,
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
