import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DatasetOptions } from "../dataset.ts";
import { openSource } from "./dataset_source.ts";
import { DamagedShardError } from "./damage.ts";
import { checkPresent } from "./load_shard.ts";
import { readManifest } from "./manifest.ts";
import { emptyManifest, type PrepareOptions, prepareShards, settingsOf } from "./prepare.ts";
import type { RowSource } from "./source.ts";

/** Where prepared shards are kept unless another folder is named. */
export const SHARDS_CACHE = fileURLToPath(
  new URL("../../../datasets/cache/shards", import.meta.url),
);

/** Options of {@linkcode prepareCached}. */
export interface PrepareCachedOptions extends Omit<PrepareOptions, "folder"> {
  /** Name of a dataset. */
  dataset: string;
  /** Which part of it: as for `loadDataset()`. */
  data?: DatasetOptions;
  /** Where the folder is made, instead of `datasets/cache/shards`. */
  root?: string;
}

/**
 * The folder with the shards of a dataset, prepared now if it is not there or not finished.
 *
 * Its name ends in a hash of everything that decides about its bytes, so other settings get another folder.
 */
export async function prepareCached(options: PrepareCachedOptions): Promise<string> {
  const { dataset, data = {}, root = SHARDS_CACHE } = options;
  const source = await openSource(dataset, data);
  try {
    const folder = join(root, folderName(source, options, data));
    if (!await isWhole(folder)) await prepareShards(source, { ...options, folder });
    return folder;
  } finally {
    await source.dispose?.();
  }
}

async function isWhole(folder: string): Promise<boolean> {
  const manifest = await readManifest(folder);
  if (!manifest?.complete) return false;
  try {
    for (const entry of manifest.shards) await checkPresent(folder, entry);
    return true;
  } catch (error) {
    if (error instanceof DamagedShardError) return false;
    throw error;
  }
}

/** `"pictures-nouns-1f2e3d4c5b6a"`: what it is for people, and a hash of what decides about its bytes. */
export function folderName(
  source: RowSource,
  options: Omit<PrepareOptions, "folder">,
  { stage, split }: DatasetOptions = {},
): string {
  const settings = settingsOf(emptyManifest(source, options));
  const hash = createHash("sha256").update(JSON.stringify(settings)).digest("hex").slice(0, 12);
  return [source.name, stage, split === "heldout" ? split : undefined, hash]
    .filter((part) => part !== undefined).join("-");
}
