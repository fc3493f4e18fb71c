import { DamagedShardError } from "./damage.ts";
import { loadShard } from "./load_shard.ts";
import { type Manifest, readManifest } from "./manifest.ts";

/** What {@linkcode verifyShards} finds. */
export interface ShardsVerdict {
  manifest: Manifest;
  /** Each shard, with what is wrong with it where something is. */
  shards: { file: string; rows: number; damage: string | undefined }[];
}

/**
 * Reads every shard of a folder and compares length, checksum and shapes with the manifest.
 *
 * Throws a RangeError if there is no manifest or it is damaged itself.
 */
export async function verifyShards(folder: string): Promise<ShardsVerdict> {
  const manifest = await readManifest(folder);
  if (!manifest) throw new RangeError(`There are no prepared shards in ${folder}`);
  const shards: ShardsVerdict["shards"] = [];
  for (const entry of manifest.shards) {
    let damage: string | undefined;
    try {
      await loadShard(folder, entry, manifest);
    } catch (error) {
      if (!(error instanceof DamagedShardError)) throw error;
      damage = error.reason;
    }
    shards.push({ file: entry.file, rows: entry.rows, damage });
  }
  return { manifest, shards };
}
