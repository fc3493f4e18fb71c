import { basename, join } from "node:path";
import { writeFileWhole } from "../disk.ts";
import { galleryPage } from "./gallery_page.ts";
import { drawSamples, loadSamples, sampleSteps } from "./pictures.ts";
import type { RunFolder } from "./run_folder.ts";
import type { SampleSet } from "./task.ts";

/** Kinds of files that an animation can be written as. */
export const ANIMATIONS = ["webp", "gif"] as const;

/** One of them. */
export type AnimationKind = typeof ANIMATIONS[number];

/** Options of {@linkcode writeGallery}. */
export interface GalleryOptions {
  /** Where the files go; the run's folder by default. */
  folder?: string;
  /** `webp` by default: smaller, and not limited to 256 colours. */
  animation?: AnimationKind;
  /** Milliseconds that each step is shown; the last one stays five times as long. 400 by default. */
  delay?: number;
}

/** What a gallery wrote. */
export interface GalleryFiles {
  page: string;
  animation: string;
  /** Steps of training that are shown. */
  steps: number[];
}

/**
 * All the samples that a run has drawn from its fixed noise, from the first step to the last: a page with a slider that
 * holds all it needs, and an animation.
 *
 * Throws a RangeError if the run has drawn no samples.
 */
export async function writeGallery(
  run: RunFolder,
  { folder = run.path, animation = "webp", delay = 400 }: GalleryOptions = {},
): Promise<GalleryFiles> {
  const steps = await sampleSteps(run);
  if (steps.length === 0) {
    throw new RangeError(`The run in ${run.path} has drawn no samples: its every.samples is off`);
  }
  const frames: Uint8Array[] = [];
  for (const step of steps) {
    frames.push(await drawSamples(await loadSamples(run, step), frameTitle(run, step, steps)));
  }
  const files = {
    page: join(folder, "gallery.html"),
    animation: join(folder, `gallery.${animation}`),
  };
  await Deno.mkdir(folder, { recursive: true });
  await writeFileWhole(files.animation, await animate(frames, { kind: animation, delay }));
  const shown = await Promise.all(frames.map(toWebp));
  const first = await loadSamples(run, steps[0]!);
  await writeFileWhole(
    files.page,
    galleryPage({
      name: run.config.name,
      about: whatIsShown(run, first),
      steps,
      frames: shown,
      delay,
    }),
  );
  return { ...files, steps };
}

/** Pictures of one size as an animation that repeats. */
export async function animate(
  frames: readonly Uint8Array[],
  { kind, delay }: { kind: AnimationKind; delay: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const { default: sharp } = await import("sharp");
  const sizes = await Promise.all(frames.map((frame) => sharp(frame).metadata()));
  const width = Math.max(...sizes.map((size) => size.width));
  const height = Math.max(...sizes.map((size) => size.height));
  const pages = await Promise.all(frames.map((frame) =>
    // Frames of one animation have one size: smaller ones get paper below and to the right.
    sharp(frame).toColourspace("srgb").resize(width, height, {
      fit: "contain",
      position: "left top",
      background: "#fcfcfc",
      withoutEnlargement: true,
    }).flatten({ background: "#fcfcfc" }).removeAlpha().raw().toBuffer()
  ));
  const joined = new Uint8Array(pages.length * width * height * 3);
  pages.forEach((page, i) => joined.set(page, i * width * height * 3));
  const raw = { width, height: height * pages.length, channels: 3 as const, pageHeight: height };
  const delays = pages.map((_, i) => i === pages.length - 1 ? 5 * delay : delay);
  const film = sharp(joined, { raw, limitInputPixels: false });
  const written = kind === "gif"
    ? film.gif({ delay: delays, loop: 0 })
    : film.webp({ delay: delays, loop: 0, quality: 90 });
  return new Uint8Array(await written.toBuffer());
}

async function toWebp(png: Uint8Array): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  return await sharp(png).webp({ quality: 90 }).toBuffer();
}

/** Titles of one length, so that all frames have one size. */
function frameTitle({ config }: RunFolder, step: number, steps: readonly number[]): string {
  return `${config.name}, step ${String(step).padStart(String(steps.at(-1)).length, "0")}`;
}

function whatIsShown({ path, config }: RunFolder, { rows, columns }: SampleSet): string {
  const { sampler, steps, guidance } = config.sampling;
  return `${
    basename(path)
  }: ${rows.length} rows, each with one wish, and ${columns} columns, each with ` +
    `one noise, as training goes on. ${steps} steps of ${sampler}, guidance ${guidance}.`;
}
