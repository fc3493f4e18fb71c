import { join } from "node:path";
import { imageGrid } from "../display/image_grid.ts";
import { decodeSafetensors, encodeSafetensors } from "../nn/mod.ts";
import { float32, sizeOf } from "../tensors.ts";
import { removeAll, writeFileWhole, type WriteOptions } from "../disk.ts";
import { runFile, type RunFolder } from "./run_folder.ts";
import type { SampleSet } from "./task.ts";

const COLOURED = { scale: 2, wordWidth: 150 };

/** Rows of the picture that shows how samples came to be. */
const MOMENTS = 8;

/** Draws a sample set as a grid: one class per row. */
export function drawSamples(set: SampleSet, title: string): Promise<Uint8Array<ArrayBuffer>> {
  const [height, width, channels] = set.shape;
  return imageGrid(
    { data: set.images, count: set.count, height, width, channels },
    // Coloured pictures have more to look at, and prompts are longer than the names of classes.
    { columns: set.columns, rowTitles: set.rows, title, ...(channels === 3 && COLOURED) },
  );
}

/** Keeps the samples of a step: as a picture for people, and as numbers for the picture of all steps. */
export async function saveSamples(
  run: RunFolder,
  step: number,
  set: SampleSet,
  options: WriteOptions = {},
): Promise<void> {
  const name = join(runFile(run, "samples"), sampleName(step));
  const { images, count, shape, columns, rows } = set;
  const metadata = { columns: String(columns), rows: JSON.stringify(rows) };
  const bytes = encodeSafetensors({ images: float32([count, ...shape], images) }, {
    metadata,
    floats: "F16",
  });
  await Deno.mkdir(runFile(run, "samples"), { recursive: true });
  await writeFileWhole(`${name}.safetensors`, bytes, options);
  const title = `${run.config.name}, step ${step}`;
  await writeFileWhole(`${name}.png`, await drawSamples(set, title), options);
}

/** Reads the samples of a step back. */
export async function loadSamples(run: Pick<RunFolder, "path">, step: number): Promise<SampleSet> {
  const path = join(runFile(run, "samples"), `${sampleName(step)}.safetensors`);
  const { tensors, metadata } = decodeSafetensors(await Deno.readFile(path));
  const { data, shape } = tensors.images!;
  const [count, height, width, channels] = shape as [number, number, number, number];
  return {
    images: data as Float32Array<ArrayBuffer>,
    count,
    shape: [height, width, channels],
    columns: Number(metadata.columns),
    rows: JSON.parse(metadata.rows!),
  };
}

/** Steps whose samples are there, rising. */
export async function sampleSteps(run: Pick<RunFolder, "path">): Promise<number[]> {
  const steps: number[] = [];
  try {
    for await (const { name } of Deno.readDir(runFile(run, "samples"))) {
      const step = /^step-(\d+)\.safetensors$/.exec(name)?.[1];
      if (step) steps.push(Number(step));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return steps.sort((a, b) => a - b);
}

/** Removes samples of later steps: a resumed run draws them again. */
export async function dropSamplesAfter(run: RunFolder, step: number): Promise<void> {
  for (const later of (await sampleSteps(run)).filter((other) => other > step)) {
    const name = join(runFile(run, "samples"), sampleName(later));
    await removeAll(`${name}.png`);
    await removeAll(`${name}.safetensors`);
  }
}

/** The same noise at several moments of a run, one row each, one column per class; undefined without samples. */
export async function drawProgress(run: RunFolder): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const steps = spread(await sampleSteps(run), MOMENTS);
  if (steps.length === 0) return undefined;
  const sets = await Promise.all(steps.map((step) => loadSamples(run, step)));
  const { shape: [height, width, channels], rows } = sets[0]!;
  const data = new Float32Array(sets.length * rows.length * sizeOf(sets[0]!.shape));
  sets.forEach((set, moment) =>
    rows.forEach((_, row) => {
      const size = sizeOf(set.shape), from = row * set.columns * size;
      data.set(set.images.subarray(from, from + size), (moment * rows.length + row) * size);
    })
  );
  return await imageGrid({ data, count: sets.length * rows.length, height, width, channels }, {
    columns: rows.length,
    rowTitles: steps.map((step) => `step ${step}`),
    columnTitles: rows,
    ...(channels === 3 && { wordWidth: 90 }),
    title: `${run.config.name}: the same noise as training goes on`,
  });
}

/** At most `count` of the items, evenly spread, with the first and the last. */
export function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, i) => items[Math.round(i * (items.length - 1) / (count - 1))]!,
  );
}

function sampleName(step: number): string {
  return `step-${String(step).padStart(6, "0")}`;
}
