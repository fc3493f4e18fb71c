import { POOLED_WIDTH } from "../../text/prompt_encoder.ts";
import type { Manifest } from "./manifest.ts";
import { loadShard } from "./load_shard.ts";
import type { RowInfo, ShardContent } from "./shard_file.ts";

/** Name of the file that holds them. */
export const STATISTICS = "statistics.json";

/** Lowest, mean and highest of some numbers. */
export interface Range {
  least: number;
  mean: number;
  most: number;
}

/** What the rows of a folder are like. */
export interface ShardStatistics {
  rows: number;
  /** Of the scaled latents, by channel: near 0 and 1 if the scale is right. */
  latent: { mean: number[]; deviation: number[] };
  /** Lengths of the pooled vectors: 1 if they are normalised. Null without texts. */
  pooledNorm: Range | null;
  /** Tokens per text, each distinct text of a shard once. Null without texts. */
  tokens: Range | null;
  captions: { characters: Range; words: Range };
  /** Rows by stage, by noun of the first object, and by label. */
  stages: Record<string, number>;
  nouns: Record<string, number>;
  labels: Record<string, number>;
  /** Where the source was left: for one that chooses rows, with how many it left out and why. */
  source: unknown;
}

/** Reads all shards, which also proves that they are right, and describes their rows. */
export async function describeShards(folder: string, manifest: Manifest): Promise<ShardStatistics> {
  const channels = manifest.latentShape[2], layout = manifest;
  const sums = new Float64Array(channels), squares = new Float64Array(channels);
  const norms = rangeOf(), tokens = rangeOf(), characters = rangeOf(), words = rangeOf();
  const stages: Record<string, number> = {}, nouns = { ...stages }, labels = { ...stages };
  let values = 0;

  for (const entry of manifest.shards) {
    const { lines, latents, texts } = await loadShard(folder, entry, layout);
    for (let i = 0; i < latents.length; i++) {
      const value = latents[i]!, channel = i % channels;
      sums[channel]! += value;
      squares[channel]! += value * value;
    }
    values += latents.length / channels;
    if (texts) describeTexts(texts);
    for (const line of lines) {
      const { caption, facts, label }: RowInfo = JSON.parse(line);
      characters.add([...caption].length);
      words.add(caption.split(/\s+/).filter(Boolean).length);
      count(stages, facts?.stage);
      count(nouns, facts?.objects[0]?.noun);
      count(labels, label);
    }
  }

  const mean = [...sums].map((sum) => sum / values);
  const deviation = [...squares].map((sum, c) =>
    Math.sqrt(Math.max(0, sum / values - mean[c]! ** 2))
  );
  return {
    rows: manifest.rows,
    latent: { mean: mean.map(rounded), deviation: deviation.map(rounded) },
    pooledNorm: norms.result(),
    tokens: tokens.result(),
    captions: { characters: characters.result()!, words: words.result()! },
    stages: sorted(stages),
    nouns: sorted(nouns),
    labels: sorted(labels),
    source: manifest.next,
  };

  function describeTexts({ pooled, counts }: NonNullable<ShardContent["texts"]>): void {
    for (let start = 0; start < pooled.length; start += POOLED_WIDTH) {
      let sum = 0;
      for (let i = start; i < start + POOLED_WIDTH; i++) sum += pooled[i]! * pooled[i]!;
      norms.add(Math.sqrt(sum));
    }
    for (const length of counts) tokens.add(length);
  }
}

function rangeOf() {
  let least = Infinity, most = -Infinity, sum = 0, count = 0;
  return {
    add(value: number) {
      least = Math.min(least, value);
      most = Math.max(most, value);
      sum += value;
      count++;
    },
    result: (): Range | null =>
      count === 0
        ? null
        : { least: rounded(least), mean: rounded(sum / count), most: rounded(most) },
  };
}

function count(counts: Record<string, number>, name: string | number | undefined): void {
  if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
}

function sorted(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => a < b ? -1 : 1));
}

function rounded(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
