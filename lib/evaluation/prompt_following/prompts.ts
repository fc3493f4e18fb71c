import { batchOf, loadDataset, type Split } from "../../data/mod.ts";
import type { PictureFacts, Stage } from "../../data/pictures/facts.ts";

/** What a model is asked for, with a real picture of each. */
export interface AskedFor {
  prompts: string[];
  /** The truth about what each prompt says. */
  facts: PictureFacts[];
  /** Real pictures of them: `[N, size, size, 3]` in [−1, 1]. */
  images: Float32Array<ArrayBuffer>;
  size: number;
}

/** Options of {@linkcode picturePrompts}. */
export interface PromptOptions {
  stages: readonly Stage[];
  /** Prompts of each stage, and as many with unseen combinations of each stage that has any. */
  perStage: number;
  seed: number;
  /** Height and width of the pictures, 64 by default. */
  size?: number;
  /** "heldout" by default. */
  split?: Split;
}

/** Prompts of a stream of `pictures`, the held-out one by default: for each stage with seen, then with unseen combinations. */
export async function picturePrompts(options: PromptOptions): Promise<AskedFor> {
  const { stages, perStage, seed, size = 64, split = "heldout" } = options;
  const found: AskedFor = { prompts: [], facts: [], images: new Float32Array(0), size };
  const parts: Float32Array[] = [];
  for (const stage of stages) {
    for (const combinations of ["seen", "unseen"] as const) {
      if (stage === "nouns" && combinations === "unseen") continue;
      const how = { split, stage, combinations, seed };
      const dataset = await loadDataset("pictures", { ...how, size: perStage, imageSize: size });
      found.prompts.push(...dataset.captions!);
      found.facts.push(...dataset.facts!);
      parts.push(batchOf(dataset, Array.from(dataset.labels.keys())).images);
    }
  }
  found.images = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    found.images.set(part, at);
    at += part.length;
  }
  return found;
}
