import { NOUNS } from "../../data/pictures/mod.ts";
import type { Device } from "../../engine/mod.ts";
import { loadClassifier } from "../classifier_weights.ts";
import { openPictureJudge } from "../prompt_following/mod.ts";
import { openImageReader } from "../read_images.ts";
import { mean, spread } from "./numbers.ts";
import { type Subject, x0Of } from "./subject.ts";

/** Whether pictures and what is said about them belong together, and what the examples are like. */
export interface DataEvidence {
  /** Examples that were looked at, and whether these are all that were learned from. */
  examples: number;
  complete: boolean;
  /** Share of examples that are copies of an earlier one. */
  duplicates: number;
  /** Share of examples without any contrast. */
  blank: number;
  /** Of all numbers of x0. */
  mean: number;
  deviation: number;
  /** Share of examples whose label or caption a judge confirms; null where no judge knows these pictures. */
  agreement: {
    judge: "classifier" | "picture judge";
    own: number;
    /** The same with the words of the example before and after: as large as `own` for captions off by one. */
    previous: number;
    next: number;
    /** The same with those of all other examples: what chance gives. */
    others: number;
  } | null;
}

/** Looks at the examples alone. */
export async function probeData(device: Device, subject: Subject): Promise<DataEvidence> {
  const { rows } = subject, all = x0Of(rows, [...Array(rows.size).keys()]);
  const seen = new Set<string>();
  let duplicates = 0, blank = 0;
  for (const x0 of all) {
    const key = new Uint8Array(x0.buffer, x0.byteOffset, x0.byteLength).join();
    if (seen.has(key)) duplicates++;
    seen.add(key);
    if (spread(x0).deviation < 1e-4) blank++;
  }
  return {
    examples: rows.size,
    complete: rows.complete,
    duplicates: duplicates / rows.size,
    blank: blank / rows.size,
    ...spread(rows.x0),
    agreement: await agreementOf(device, subject),
  };
}

async function agreementOf(
  device: Device,
  subject: Subject,
): Promise<DataEvidence["agreement"]> {
  const { rows, pictures, config } = subject, count = rows.size;
  if (!pictures || count < 4) return null;
  const [height, width, channels] = pictures.shape;
  if (rows.captions && config.data.name === "pictures" && channels === 3 && height === width) {
    const judge = await openPictureJudge(device);
    try {
      const { layouts } = await judge.read(pictures.images, height);
      const said = rows.captions.map(nounsIn);
      const names = layouts.map(({ groups }) => groups.map(({ noun }) => noun));
      const fits = (i: number, j: number) =>
        names[i]!.length > 0 && said[j]!.some((noun) => names[i]!.includes(noun));
      return { judge: "picture judge", ...sharesOf(count, fits) };
    } finally {
      await judge.dispose();
    }
  }
  if (rows.labels && ["digits", "mnist"].includes(config.data.name)) {
    const reader = await openImageReader(device, (await loadClassifier(config.data.name)).params);
    try {
      const read = (await reader.read(pictures.images)).labels;
      return {
        judge: "classifier",
        ...sharesOf(count, (i, j) => read[i] === rows.labels![j]),
      };
    } finally {
      await reader.dispose();
    }
  }
  return null;
}

/** How often picture i fits the words of j: its own, its neighbours', all others'. */
export function sharesOf(count: number, fits: (picture: number, words: number) => boolean) {
  const shifted = (by: number) =>
    mean(Array.from({ length: count }, (_, i) => Number(fits(i, (i + by + count) % count))));
  const rest: number[] = [];
  // Some of the pairs say as much as all: 64 others for each picture.
  const stride = Math.max(1, Math.floor(count / 64));
  for (let i = 0; i < count; i++) {
    for (let by = 2; by < count - 1; by += stride) rest.push(Number(fits(i, (i + by) % count)));
  }
  return { own: shifted(0), previous: shifted(-1), next: shifted(1), others: mean(rest) };
}

/** The things that a caption names, in the singular. */
export function nounsIn(caption: string): string[] {
  const text = ` ${caption.toLowerCase().replace(/[^a-z -]/g, " ")} `;
  return NOUNS.filter(({ name, plural }) =>
    text.includes(` ${name} `) || text.includes(` ${plural} `)
  ).map(({ name }) => name);
}
