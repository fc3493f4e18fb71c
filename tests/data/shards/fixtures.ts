import type { LatentCodec } from "@course/latents/codec.ts";
import { POOLED_WIDTH, type PromptEncoder } from "@course/text/prompt_encoder.ts";
import type { Dataset } from "@course/data/dataset.ts";
import {
  datasetSource,
  type LatentBatch,
  type PrepareOptions,
  prepareShards,
} from "@course/data/shards/mod.ts";

/** Runs a test with a folder of its own, which is removed afterwards. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const SIDE = 4;
/** Captions of one to three words, so that many rows share one. */
export const captionOf = (index: number) => ["a", "two", "a red dog"][index % 3]!;

/** Images of 4×4 pixels, three channels, that hold their own index. */
export function numbered(size: number): Dataset {
  return {
    name: "numbered",
    size,
    shape: [SIDE, SIDE, 3],
    classes: ["even", "odd"],
    images: Uint8Array.from(
      { length: size * SIDE * SIDE * 3 },
      (_, i) => Math.floor(i / (SIDE * SIDE * 3)) % 256,
    ),
    labels: Uint8Array.from({ length: size }, (_, i) => i % 2),
    captions: Array.from({ length: size }, (_, i) => captionOf(i)),
    fingerprint: `numbered ${size}`,
    description: "numbers",
  };
}

/** Halves height and width, keeping the first pixel of four; the fourth channel is their sum. */
export function halvingCodec(name = "halving"): LatentCodec {
  return {
    name,
    fingerprint: `${name} 1`,
    latentShape: ([height, width]) => [height / 2, width / 2, 4],
    encode(images, [height, width]) {
      const count = images.length / (height * width * 3), latents: number[] = [];
      for (let b = 0; b < count; b++) {
        for (let y = 0; y < height; y += 2) {
          for (let x = 0; x < width; x += 2) {
            const at = ((b * height + y) * width + x) * 3;
            const [red, green, blue] = [images[at]!, images[at + 1]!, images[at + 2]!];
            latents.push(red, green, blue, red + green + blue);
          }
        }
      }
      return Promise.resolve(Float32Array.from(latents));
    },
    decode: () => Promise.reject(new Error("not needed")),
    dispose: () => Promise.resolve(),
  };
}

/** Each word is a token whose numbers are its length and place; the pooled vector has one 1, at the text's length. */
export function wordEncoder() {
  const asked: string[] = [];
  const encoder: PromptEncoder = {
    name: "words",
    fingerprint: "words 1",
    length: 5,
    tokenWidth: 2,
    encode(prompts) {
      asked.push(...prompts);
      const pooled = new Float32Array(prompts.length * POOLED_WIDTH);
      const tokens = new Float32Array(prompts.length * 5 * 2);
      const mask = new Float32Array(prompts.length * 5);
      for (const [i, prompt] of prompts.entries()) {
        pooled[i * POOLED_WIDTH + prompt.length] = 1;
        for (const [place, word] of prompt.split(" ").entries()) {
          tokens.set([word.length, place + 1], (i * 5 + place) * 2);
          mask[i * 5 + place] = 1;
        }
      }
      return Promise.resolve({ pooled, tokens, mask });
    },
    dispose: () => Promise.resolve(),
  };
  return { encoder, asked };
}

/** Prepares numbered images into several small shards. */
export async function prepareNumbered(
  folder: string,
  size: number,
  options: Partial<PrepareOptions> = {},
): Promise<void> {
  await prepareShards(datasetSource(numbered(size)), {
    folder,
    codec: halvingCodec(),
    encoder: wordEncoder().encoder,
    targetBytes: 5_000,
    blockRows: 8,
    ...options,
  });
}

/** The indices of a batch's rows, read from their names. */
export function indicesOf({ ids }: LatentBatch): number[] {
  return ids.map((id) => Number(id.split("-")[1]));
}

/** Names and contents of all files of a folder. */
export async function contentOf(folder: string): Promise<Record<string, Uint8Array>> {
  const names = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  const files = names.sort().map(async (name) =>
    [name, await Deno.readFile(`${folder}/${name}`)] as const
  );
  return Object.fromEntries(await Promise.all(files));
}
