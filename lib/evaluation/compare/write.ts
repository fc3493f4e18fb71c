import { join } from "node:path";
import { writeFileWhole } from "../../disk.ts";
import { runFile } from "../../training/run_folder.ts";
import { comparisonPage, type SamplePair } from "./page.ts";
import { type CompareFolder, runPathOf, SIDES } from "./plan.ts";
import type { SpeedComparison } from "./speed.ts";
import { type Comparison, summarise } from "./summarise.ts";

/** Where a comparison's results lie. */
export const RESULTS = {
  numbers: "comparison.json",
  page: "comparison.html",
  speed: "speed.json",
} as const;

/** Writes what is known so far: `comparison.json` and `comparison.html`. */
export async function writeComparison(folder: CompareFolder): Promise<Comparison> {
  const comparison = await summarise(folder, await readSpeed(folder));
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
export async function saveSpeed({ path }: CompareFolder, speed: SpeedComparison): Promise<void> {
  await writeFileWhole(join(path, RESULTS.speed), `${JSON.stringify(speed, null, 2)}\n`);
}

/** The measurement of speed; null where there is none yet. */
export async function readSpeed({ path }: CompareFolder): Promise<SpeedComparison | null> {
  try {
    return JSON.parse(await Deno.readTextFile(join(path, RESULTS.speed)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
