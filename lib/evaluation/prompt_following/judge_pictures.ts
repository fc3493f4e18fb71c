import { type Dataset, loadDataset, type Split } from "../../data/mod.ts";
import { STAGES } from "../../data/pictures/facts.ts";

/** What a judge learns from, or is measured with: parts of all pictures, in thousands. */
const PARTS = [
  { stage: "nouns", combinations: "seen", share: 5 },
  { stage: "attributes", combinations: "seen", share: 7 },
  { stage: "attributes", combinations: "unseen", share: 1 },
  { stage: "scenes", combinations: "seen", share: 9 },
  { stage: "scenes", combinations: "unseen", share: 2 },
] as const satisfies readonly {
  stage: typeof STAGES[number];
  combinations: string;
  share: number;
}[];

/**
 * Pictures for a judge: all stages, and also the combinations of noun and colour that generators never see in
 * training, since a judge that had not seen them could not be trusted with them.
 *
 * `size` is rounded to what the parts need.
 */
export async function judgePictures(split: Split, size: number, seed = 0): Promise<Dataset> {
  const total = PARTS.reduce((sum, { share }) => sum + share, 0);
  const parts: Dataset[] = [];
  for (const { stage, combinations, share } of PARTS) {
    const count = Math.max(1, Math.round(size * share / total));
    parts.push(await loadDataset("pictures", { split, seed, stage, combinations, size: count }));
  }
  const joined = joinDatasets(parts);
  return {
    ...joined,
    description: `${joined.size.toLocaleString("en")} generated pictures of the ${split} stream, ` +
      `all stages, seen and unseen combinations, seed ${seed}`,
  };
}

/** Datasets of the same kind of images, one after another. */
function joinDatasets(parts: readonly Dataset[]): Dataset {
  const [first] = parts as [Dataset];
  const images = new Uint8Array(parts.reduce((sum, { images }) => sum + images.length, 0));
  let at = 0;
  for (const part of parts) {
    images.set(part.images, at);
    at += part.images.length;
  }
  return {
    ...first,
    size: parts.reduce((sum, { size }) => sum + size, 0),
    images,
    labels: Uint8Array.from(parts.flatMap(({ labels }) => [...labels])),
    captions: parts.flatMap(({ captions }) => captions ?? []),
    facts: parts.flatMap(({ facts }) => facts ?? []),
    fingerprint: parts.map(({ fingerprint }) => fingerprint).join("; "),
  };
}
