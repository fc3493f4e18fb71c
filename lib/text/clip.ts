import { Tokenizer } from "@huggingface/tokenizers";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type OnnxModel, openOnnx } from "../engine/mod.ts";
import { scaleToOne } from "./bag_of_words.ts";
import { POOLED_WIDTH, type PromptEncoder } from "./prompt_encoder.ts";

/** Where CLIP's files are kept once they are fetched. */
export const CLIP_CACHE = fileURLToPath(new URL("../../datasets/cache/clip", import.meta.url));

/** Files of CLIP's text model, as they are kept. */
export const CLIP_FILES = {
  model: "text_model.onnx",
  tokenizer: "tokenizer.json",
  config: "tokenizer_config.json",
} as const;

/** Tokens per prompt that CLIP was trained with, L. */
const LENGTH = 77;
/** Prompts that run at once. */
const CHUNK = 16;

/**
 * CLIP's text model with its projection (Radford et al. 2021), from a folder that holds an ONNX file and the files of
 * its tokenizer.
 *
 * The pooled vector is the projected one, scaled to length 1; tokens are the last hidden states, if the model gives
 * them, else the pooled vector alone. Throws a RangeError that says which file is missing, damaged or of another kind.
 */
export async function openClip(folder: string = CLIP_CACHE): Promise<PromptEncoder> {
  const tokenizer = await openTokenizer(folder);
  const bytes = await readClipFile(folder, "model");
  const model = await openOnnx(bytes).catch((error) => {
    throw unusable(folder, "model", (error as Error).message);
  });
  const { takesMask, hidden } = checkSignature(folder, model);
  const length = hidden ? LENGTH : 1, tokenWidth = hidden ?? POOLED_WIDTH;
  const hash = createHash("sha256").update(bytes).update(await readClipFile(folder, "tokenizer"));

  async function encodeChunk(prompts: readonly string[]) {
    const rows = prompts.map((prompt) => tokenizer.idsOf(prompt));
    // The model looks back only, so what comes after the end of a prompt changes nothing.
    const longest = Math.max(...rows.map((ids) => ids.length)), shape = [rows.length, longest];
    const ids = new BigInt64Array(rows.length * longest).fill(BigInt(tokenizer.end));
    const attended = new BigInt64Array(ids.length);
    rows.forEach((row, i) => {
      ids.set(row.map(BigInt), i * longest);
      attended.fill(1n, i * longest, i * longest + row.length);
    });
    const run = await model.run({
      input_ids: { data: ids, shape },
      ...(takesMask && { attention_mask: { data: attended, shape } }),
    });
    return { rows, longest, run };
  }

  return {
    name: "clip",
    fingerprint: `clip:${hash.digest("hex").slice(0, 16)}`,
    length,
    tokenWidth,
    async encode(prompts) {
      const pooled = new Float32Array(prompts.length * POOLED_WIDTH);
      const tokens = new Float32Array(prompts.length * length * tokenWidth);
      const mask = new Float32Array(prompts.length * length);
      for (let start = 0; start < prompts.length; start += CHUNK) {
        const { rows, longest, run } = await encodeChunk(prompts.slice(start, start + CHUNK));
        pooled.set(run.text_embeds!.data as Float32Array, start * POOLED_WIDTH);
        rows.forEach((ids, i) => {
          const row = start + i;
          const own = pooled.subarray(row * POOLED_WIDTH, (row + 1) * POOLED_WIDTH);
          scaleToOne(own);
          const at = i * longest * tokenWidth, used = hidden ? ids.length : 1;
          const states = hidden
            ? (run.last_hidden_state!.data as Float32Array).subarray(at, at + used * tokenWidth)
            : own;
          tokens.set(states, row * length * tokenWidth);
          mask.fill(1, row * length, row * length + used);
        });
      }
      return { pooled, tokens, mask };
    },
    dispose: () => model.dispose(),
  };
}

/** Opens the tokenizer; prompts are cut to 77 tokens with the end token kept. */
async function openTokenizer(folder: string) {
  let tokenizer: Tokenizer, end: number | undefined;
  try {
    const json = JSON.parse(new TextDecoder().decode(await readClipFile(folder, "tokenizer")));
    const config = JSON.parse(new TextDecoder().decode(await readClipFile(folder, "config")));
    tokenizer = new Tokenizer(json, config);
    end = tokenizer.encode("").ids.at(-1);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw unusable(folder, "tokenizer", (error as Error).message);
  }
  if (end === undefined) {
    throw unusable(folder, "tokenizer", "it puts no end token after a prompt, as CLIP's does");
  }
  return {
    end,
    idsOf(prompt: string): number[] {
      const { ids } = tokenizer.encode(prompt);
      return ids.length <= LENGTH ? ids : [...ids.slice(0, LENGTH - 1), end];
    },
  };
}

function checkSignature(
  folder: string,
  { inputs, outputs }: OnnxModel,
): { takesMask: boolean; hidden: number | undefined } {
  const list = (ports: OnnxModel["inputs"]) =>
    ports.map(({ name, dtype, shape }) => `${name} ${dtype}[${shape.join(", ")}]`).join(", ");
  const wrong = (expected: string) =>
    unusable(
      folder,
      "model",
      `it takes ${list(inputs)} and gives ${list(outputs)}, expected ${expected}`,
    );
  const known = ["input_ids", "attention_mask"];
  if (
    !inputs.some(({ name }) => name === "input_ids") ||
    inputs.some(({ name, dtype }) => !known.includes(name) || dtype !== "int64")
  ) {
    throw wrong("to take input_ids, and attention_mask perhaps, as int64");
  }
  const output = (name: string) => outputs.find((port) => port.name === name);
  if (output("text_embeds")?.shape.at(-1) !== POOLED_WIDTH) {
    throw wrong(`to give text_embeds of ${POOLED_WIDTH} numbers`);
  }
  const hidden = output("last_hidden_state")?.shape.at(-1);
  if (hidden === -1) throw wrong("a last_hidden_state of known width");
  return { takesMask: inputs.some(({ name }) => name === "attention_mask"), hidden };
}

async function readClipFile(
  folder: string,
  file: keyof typeof CLIP_FILES,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(folder, CLIP_FILES[file]);
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new RangeError(
      `CLIP is not on this machine (${path} is missing): run \`deno task data fetch clip\`, ` +
        "or use another text encoder, such as tower",
    );
  }
}

function unusable(folder: string, file: keyof typeof CLIP_FILES, reason: string): RangeError {
  return new RangeError(
    `Cannot use ${join(folder, CLIP_FILES[file])}: ${reason}. ` +
      "Delete it and run `deno task data fetch clip`",
  );
}
