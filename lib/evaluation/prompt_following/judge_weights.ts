import { type Fact, FACTS, type Stage } from "../../data/pictures/facts.ts";
import { decodeSafetensors, encodeSafetensors } from "../../nn/mod.ts";
import type { HostRecord } from "../../tensors.ts";
import { CLASSIFIERS, expectShapes, loadWeights } from "../classifier_weights.ts";
import { textTable } from "../text_table.ts";
import { pictureSpecs } from "./picture_network.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Share of pictures of which the judge sees each stated fact rightly, and all of them at once, 0 … 1. */
export type JudgeAccuracy = Partial<Record<Fact | "all_stated", number>>;

/** What a trained judge says about itself. */
export interface JudgeCard {
  /** Name of the dataset. */
  dataset: string;
  /** Which pictures it learned from, for people. */
  trained_on: string;
  /** Which pictures it learned from, for programs. */
  fingerprint: string;
  seed: number;
  /** How it was trained, for people. */
  recipe: string;
  /** Features are multiplied by it, so that those of held-out pictures have variance 1 on average. */
  feature_scale: number;
  vocabulary: Vocabulary;
  /** Its accuracy on pictures that it did not learn from: the ceiling of every measurement with it. */
  heldout: Partial<Record<Stage, JudgeAccuracy>>;
}

/** A trained judge. */
export interface JudgeWeights {
  params: HostRecord;
  card: JudgeCard;
}

/** Reads the judge of `pictures`; throws what is missing or wrong and how to train one. */
export function loadPictureJudge(folder: string = CLASSIFIERS): Promise<JudgeWeights> {
  return loadWeights("pictures", folder, decodeJudge);
}

/** The bytes of a safetensors file with the weights in half precision and the card in its header. */
export function encodeJudge({ params, card }: JudgeWeights): Uint8Array<ArrayBuffer> {
  return encodeSafetensors(params, { metadata: { card: JSON.stringify(card) }, floats: "F16" });
}

/** Reads what {@linkcode encodeJudge} wrote; throws unless card and weights belong together. */
export function decodeJudge(bytes: Uint8Array): JudgeWeights {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (!metadata.card) throw new RangeError("it has no card: it is not a judge of pictures");
  const card = JSON.parse(metadata.card) as JudgeCard;
  expectShapes(tensors, pictureSpecs(card.vocabulary));
  return { params: tensors, card };
}

/** The accuracies of a judge as a table for the terminal. */
export function describeAccuracy(heldout: JudgeCard["heldout"]): string {
  const names = [...FACTS, "all_stated"] as const;
  const rows = [["", ...names.map((name) => name.replace("_", " "))]];
  for (const [stage, accuracy] of Object.entries(heldout)) {
    const cells = names.map((name) => {
      const share = accuracy[name];
      return share === undefined ? "" : `${(100 * share).toFixed(1)} %`;
    });
    rows.push([stage, ...cells]);
  }
  return textTable(rows);
}
