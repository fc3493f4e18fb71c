import type { PromptEncoder } from "../text/prompt_encoder.ts";
import { gatherText, type TextRows } from "./examples.ts";

/** Rows of several parts, one after the other. */
export function joinRows(parts: readonly TextRows[]): TextRows {
  const join = (name: "latents" | "pooled" | "tokens" | "mask") => {
    const joined = new Float32Array(parts.reduce((sum, part) => sum + part[name].length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part[name], at);
      at += part[name].length;
    }
    return joined;
  };
  return {
    latents: join("latents"),
    pooled: join("pooled"),
    tokens: join("tokens"),
    mask: join("mask"),
    captions: parts.flatMap(({ captions }) => captions),
  };
}

/**
 * Stands for an encoder that is not on this machine: it knows the vectors of these rows' captions, which came with
 * the data, and refuses all other prompts.
 */
export function recordedEncoder(
  rows: TextRows,
  { name, fingerprint, length, tokenWidth }: {
    name: string;
    fingerprint: string;
    length: number;
    tokenWidth: number;
  },
): PromptEncoder {
  const places = new Map(rows.captions.map((caption, i) => [caption, i]));
  return {
    name,
    fingerprint,
    length,
    tokenWidth,
    encode(prompts) {
      const unknown = prompts.find((prompt) => !places.has(prompt));
      if (unknown !== undefined) {
        return Promise.reject(
          new RangeError(
            `Cannot encode "${unknown}": the text encoder "${name}" is not on this machine, and only ` +
              "captions that came with the data have vectors",
          ),
        );
      }
      return Promise.resolve(gatherText(rows, prompts.map((prompt) => places.get(prompt)!)));
    },
    dispose: () => Promise.resolve(),
  };
}
