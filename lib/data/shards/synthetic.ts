import { forkRandom, normals } from "../../random.ts";
import { POOLED_WIDTH } from "../../text/prompt_encoder.ts";
import { sizeOf } from "../../tensors.ts";
import { type PrepareOptions, prepareShards } from "./prepare.ts";
import type { Manifest } from "./manifest.ts";
import type { RowSource } from "./source.ts";

/** Options of {@linkcode syntheticSource}. */
export interface SyntheticOptions {
  rows: number;
  /** Of one latent: `[16, 16, 32]` by default, as a 32-channel codec makes of 512×512 pixels. */
  latentShape?: readonly [height: number, width: number, channels: number];
  seed?: number;
}

/**
 * Rows of standard normal latents and random text vectors of length 1: there is nothing to learn from them, they show
 * that a model of such shapes runs, and how fast.
 */
export function syntheticSource(options: SyntheticOptions): RowSource {
  const { rows, latentShape = [16, 16, 32], seed = 0 } = options, size = sizeOf(latentShape);
  if (!(Number.isSafeInteger(rows) && rows > 0)) {
    throw new RangeError(`Cannot make ${rows} rows: expected a whole number above 0`);
  }
  const shape = `[${latentShape.join(", ")}]`;
  return {
    name: "synthetic",
    fingerprint: `synthetic:${shape}:seed ${seed}:size ${rows}`,
    description: `${rows.toLocaleString("en")} random latents ${shape}, seed ${seed}`,
    size: rows,
    holds: {
      kind: "latents",
      shape: latentShape,
      codec: { name: "synthetic", fingerprint: "normal" },
    },
    pooled: true,
    read(place, count) {
      const from = (place as number | null) ?? 0, to = Math.min(rows, from + count);
      const indices = Array.from({ length: to - from }, (_, i) => from + i);
      const data = new Float32Array(indices.length * size);
      const pooled = new Float32Array(indices.length * POOLED_WIDTH);
      for (const [i, index] of indices.entries()) {
        const random = forkRandom(seed, `row ${index}`);
        data.set(normals(random, size), i * size);
        pooled.set(unit(normals(random, POOLED_WIDTH)), i * POOLED_WIDTH);
      }
      const infos = indices.map((index) => {
        return {
          id: `synthetic-${String(index).padStart(6, "0")}`,
          caption: `synthetic ${index}`,
        };
      });
      return Promise.resolve({ rows: infos, data, pooled, next: to, done: to === rows });
    },
  };
}

/** Writes shards of {@linkcode syntheticSource}. */
export async function prepareSynthetic(
  { rows, latentShape, seed, ...options }:
    & SyntheticOptions
    & Omit<PrepareOptions, "codec" | "encoder">,
): Promise<Manifest> {
  const source = syntheticSource({
    rows,
    ...(latentShape && { latentShape }),
    ...(seed !== undefined && { seed }),
  });
  return await prepareShards(source, options);
}

function unit(vector: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
