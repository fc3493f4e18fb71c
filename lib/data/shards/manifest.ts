import { createHash } from "node:crypto";
import { join } from "node:path";
import * as v from "valibot";

/** Raised whenever files written before cannot be read any more. */
export const SHARDS_VERSION = 1;

/** Name of the file that describes a folder of shards. */
export const MANIFEST = "manifest.json";

const text = v.string(), count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const named = v.object({ name: text, fingerprint: text });

const SCHEMA = v.object({
  format: v.literal("shards"),
  version: v.literal(SHARDS_VERSION),
  /** Whether all rows are there; shards are added one by one. */
  complete: v.boolean(),
  dataset: v.object({ name: text, fingerprint: text, description: text }),
  /** What made the latents; "none" for pixels as they are. */
  codec: named,
  /** Shape of one row's latent, `[h, w, c]`. */
  latentShape: v.tuple([size, size, size]),
  /** What made the text vectors, the most tokens per text and the width of each; null without texts. */
  text: v.nullable(v.object({ ...named.entries, length: count, tokenWidth: count })),
  /** A shard is closed once it holds so many bytes. */
  targetBytes: size,
  /** Rows that were encoded at once. */
  blockRows: size,
  rows: count,
  shards: v.array(v.object({
    file: text,
    rows: size,
    bytes: size,
    sha256: text,
    /** How many rows of each stage it holds. */
    stages: v.record(text, size),
    /** Where in its source it begins. */
    from: v.any(),
  })),
  /** Where in the source the next shard begins; at the end, where the source was left. */
  next: v.any(),
});

/** What a folder of shards holds and what it was made from. */
export type Manifest = v.InferOutput<typeof SCHEMA>;

/** One shard as its manifest describes it. */
export type ShardEntry = Manifest["shards"][number];

/** Shapes of the rows of a folder. */
export interface RowLayout {
  latentShape: readonly [height: number, width: number, channels: number];
  /** Most tokens per text and the width of each; null for rows without texts. */
  text: { length: number; tokenWidth: number } | null;
}

/**
 * Reads the manifest of a folder; undefined where there is none.
 *
 * Throws a RangeError that names the first wrong entry of a damaged one.
 */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, MANIFEST);
  let content;
  try {
    content = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return;
    throw error;
  }
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    throw new RangeError(`Cannot read ${path}: it is no JSON (${(error as Error).message})`);
  }
  const checked = v.safeParse(SCHEMA, json);
  if (!checked.success) {
    const [issue] = checked.issues;
    throw new RangeError(
      `Cannot read ${path}: ${v.getDotPath(issue) ?? "it"} is wrong (${issue.message})`,
    );
  }
  const manifest = checked.output, sum = manifest.shards.reduce((sum, { rows }) => sum + rows, 0);
  if (sum !== manifest.rows) {
    throw new RangeError(
      `Cannot read ${path}: its shards hold ${sum} rows, but it counts ${manifest.rows}`,
    );
  }
  return manifest;
}

/** The text of a manifest or of statistics. */
export function formatJson(content: unknown): string {
  return JSON.stringify(content, null, 1) + "\n";
}

/** Differs whenever any row of a folder differs. */
export function fingerprintOf({ dataset, shards }: Manifest): string {
  const hash = createHash("sha256");
  for (const { sha256 } of shards) hash.update(sha256);
  return `shards:${dataset.name}:${hash.digest("hex").slice(0, 16)}`;
}
