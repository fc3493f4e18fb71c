import type { Fact, Stage } from "../../data/pictures/facts.ts";
import type { Judged } from "../../training/report.ts";
import type { Share } from "./wilson.ts";

/** A share of samples with its 95 % interval, between what real pictures and other prompts get. */
export interface JudgedShare extends Share {
  /** The same of real pictures of the same prompts: the judge's own errors. */
  ceiling: number;
  /** The same of the samples when they are compared with each other's prompts. */
  floor: number;
}

/** How well the samples of one stage follow their prompts. Facts count where the prompt states them. */
export interface StageFollowing {
  samples: number;
  facts: Partial<Record<Fact, JudgedShare>>;
  /** Everything that the prompt says is right. */
  all_stated: JudgedShare;
  /** Both right, of prompts that state both. */
  noun_and_background: JudgedShare | null;
  noun_and_colour: JudgedShare | null;
}

/** How near pictures and prompts are for the contrastive towers, which learned to tell pairs from others. */
export interface Similarity {
  /** Mean cosine of a picture and its prompt, −1 … 1. Floor: the other prompts. */
  similarity: Judged<number>;
  retrieval: {
    /** Rank of the own prompt among all, 1 is first. */
    mean_rank: Judged<number>;
    /** Share of samples whose own prompt comes first. */
    top1: Judged<number>;
    /** Number of prompts that each sample is compared with, its own among them. */
    of: number;
  };
}

/** What changes in a picture when the prompt changes and the noise does not. */
export interface SwapSensitivity {
  /** Share of pairs in which the new prompt's noun is seen. Floor: it was seen before the swap too. */
  noun_changes: JudgedShare;
  /** Root mean square difference of the pixels, on the scale of [−1, 1]: same noise, another prompt. */
  prompt_distance: number;
  /** The same prompt, other noise. */
  noise_distance: number;
  /** prompt_distance / noise_distance: near 0 a prompt changes nothing. */
  ratio: number;
}

/** How well samples follow their prompts: `prompt_following` in a report. Goes into JSON as it is. */
export interface PromptFollowing {
  guidance: number;
  /** Steps from noise to picture. */
  steps: number;
  seed: number;
  /** Pictures that were drawn. */
  samples: number;
  /** By stage: combinations of noun and colour that were trained on. */
  stages: Partial<Record<Stage, StageFollowing>>;
  /** By stage: combinations that no training picture has. */
  unseen: Partial<Record<Stage, StageFollowing>>;
  /** Distances to real pictures of the same prompts in the judge's features, which have variance 1. */
  frechet: Judged<number>;
  mmd: Judged<number>;
  /** Null where there are no towers. */
  similarity: Similarity["similarity"] | null;
  retrieval: Similarity["retrieval"] | null;
  swap: SwapSensitivity | null;
}
