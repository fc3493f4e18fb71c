import { suggest } from "../suggest.ts";
import { bagOfWords } from "./bag_of_words.ts";
import { openClip } from "./clip.ts";
import type { PromptEncoder } from "./prompt_encoder.ts";
import { openTextTower } from "./tower.ts";

/** One line about each text encoder. */
export const TEXT_ENCODERS = {
  tower: "the small text tower that comes with the course, trained on captioned pictures",
  clip: "OpenAI's CLIP ViT-B/32: deno task data fetch clip",
  "bag-of-words": "a fixed random vector for each word, nothing learned: what a baseline needs",
} as const;

/** Name of a text encoder. */
export type TextEncoderName = keyof typeof TEXT_ENCODERS;

/** Options of {@linkcode openTextEncoder}. */
export interface TextEncoderOptions {
  /** Folder with the files of the encoder, instead of the one where they are kept. */
  path?: string;
}

/**
 * Opens a frozen text encoder: `openTextEncoder("tower")`.
 *
 * Throws a RangeError that lists the names if there is no such encoder, or says which file is missing or damaged.
 */
export async function openTextEncoder(
  name: string = "tower",
  options: TextEncoderOptions = {},
): Promise<PromptEncoder> {
  switch (name) {
    case "tower":
      return await openTextTower(options.path);
    case "clip":
      return await openClip(options.path);
    case "bag-of-words":
      return bagOfWords();
    default: {
      const names = Object.keys(TEXT_ENCODERS), meant = suggest(name, names);
      throw new RangeError(
        `There is no text encoder "${name}": ` + (meant ? `did you mean "${meant}"? ` : "") +
          `Text encoders are ${names.join(", ")}`,
      );
    }
  }
}
