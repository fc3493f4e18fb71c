import { join } from "node:path";
import type { TrainState } from "../engine/mod.ts";
import { decodeSafetensors, safetensorsParts } from "../nn/mod.ts";
import type { HostRecord } from "../tensors.ts";
import { explainDiskError, hashText, readHashed, removeAll, writeParts } from "../disk.ts";
import type { WriteOptions } from "../disk.ts";
import type { TrainConfig } from "./config.ts";
import type { GuardState } from "./loss_guard.ts";
import type { WindowState } from "./metrics.ts";
import type { FeedPosition, ModelFacts } from "./task.ts";

/*
 * A checkpoint is a folder `step-000100` of two files: all tensors as safetensors, and one JSON with everything
 * else. It is written under a name that no reader looks at, flushed, and renamed: it is there whole, or not at all.
 */

/** Everything of a run at one step that is not a tensor. */
export interface CheckpointInfo {
  step: number;
  model: ModelFacts;
  /** Shape of every parameter. */
  shapes: Record<string, readonly number[]>;
  config: TrainConfig;
  /** Identifies the data that was learned from. */
  fingerprint: string;
  /** Where the stream of batches stands. */
  position: FeedPosition;
  guard: GuardState;
  window: WindowState;
  /** Training time so far, over all resumes. */
  seconds: number;
  /** Held-out loss at this step, where it was measured. */
  heldoutLoss: number | null;
  /** Lowest held-out loss so far. */
  lowestHeldout: number | null;
}

/** A checkpoint in its folder. */
export interface CheckpointEntry {
  path: string;
  info: CheckpointInfo;
}

/** A checkpoint in memory. */
export interface Checkpoint extends CheckpointEntry {
  state: TrainState;
}

/** A state that must not replace a good one. */
export class NotFiniteError extends Error {
  override name = "NotFiniteError";
}

const TENSORS = "state.safetensors";
const INFO = "checkpoint.json";

/**
 * Writes a checkpoint into the folder and returns its path. Throws a sentence if that fails, leaving what was
 * there before; throws a NotFiniteError if a number of the state is not finite.
 */
export async function saveCheckpoint(
  folder: string,
  info: CheckpointInfo,
  tensors: HostRecord,
  options: WriteOptions = {},
): Promise<string> {
  const name = checkpointName(info.step);
  const path = join(folder, name), temporary = join(folder, `.${name}.writing`);
  await checkFinite(tensors);
  try {
    await removeAll(temporary);
    await Deno.mkdir(temporary, { recursive: true });
    const parts = safetensorsParts(tensors, { metadata: { step: String(info.step) } });
    const file = await writeParts(join(temporary, TENSORS), parts, options);
    const content = { ...info, tensors: { file: TENSORS, ...file } };
    const text = JSON.stringify({ checksum: hashText(JSON.stringify(content)), ...content });
    await writeParts(join(temporary, INFO), [new TextEncoder().encode(text)], options);
    await removeCheckpoint(path);
    await Deno.rename(temporary, path);
  } catch (error) {
    await removeAll(temporary).catch(() => {});
    throw explainDiskError(error, `save the checkpoint of step ${info.step} in ${folder}`);
  }
  return path;
}

/** Reads a checkpoint; throws a sentence if it is truncated or was changed. */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const { info, tensors } = await readInfo(path);
  const { bytes, sha256 } = await readHashed(join(path, tensors.file)).catch((error) => {
    throw damaged(path, `${tensors.file} cannot be read (${error.message})`);
  });
  if (bytes.length !== tensors.bytes) {
    throw damaged(path, `${tensors.file} has ${bytes.length} of ${tensors.bytes} bytes`);
  }
  if (sha256 !== tensors.sha256) {
    throw damaged(path, `${tensors.file} was changed after it was written (its checksum differs)`);
  }
  const state = { step: info.step, tensors: decodeSafetensors(bytes).tensors };
  return { path, info, state };
}

/**
 * The newest checkpoint that is whole, or undefined if there is none; `onDamaged` hears why newer ones are not.
 * Throws if there are some and all are damaged.
 */
export async function loadNewestCheckpoint(
  folder: string,
  onDamaged: (reason: string) => void = () => {},
): Promise<Checkpoint | undefined> {
  const reasons: string[] = [];
  for (const name of (await checkpointNames(folder)).toReversed()) {
    try {
      const found = await loadCheckpoint(join(folder, name));
      reasons.forEach(onDamaged);
      return found;
    } catch (error) {
      reasons.push((error as Error).message);
    }
  }
  if (reasons.length === 0) return undefined;
  const all = reasons.length > 1 ? `, and so are the ${reasons.length - 1} before it` : "";
  throw new Error(`${reasons[0]}${all}: put back a copy, or start a new run`);
}

/** The whole checkpoints of a folder by step; only their JSON is read. */
export async function listCheckpoints(folder: string): Promise<CheckpointEntry[]> {
  const entries: CheckpointEntry[] = [];
  for (const name of await checkpointNames(folder)) {
    const path = join(folder, name);
    const found = await readInfo(path).catch(() => undefined);
    if (found) entries.push({ path, info: found.info });
  }
  return entries;
}

/** Removes all checkpoints but the newest `last` and the `best` of lowest held-out loss, and what kills left behind. */
export async function pruneCheckpoints(
  folder: string,
  keep: { last: number; best: number },
): Promise<void> {
  const entries = await listCheckpoints(folder);
  const byLoss = entries.filter(({ info }) => info.heldoutLoss !== null)
    .sort((a, b) => a.info.heldoutLoss! - b.info.heldoutLoss!);
  const kept = new Set([...entries.slice(-keep.last), ...byLoss.slice(0, keep.best)]);
  for (const entry of entries) if (!kept.has(entry)) await removeCheckpoint(entry.path);
  for (const name of await folderNames(folder)) {
    if (/^\.step-\d+\.(writing|removing)$/.test(name)) await removeAll(join(folder, name));
  }
}

/** Folder name of the checkpoint of a step. */
export function checkpointName(step: number): string {
  return `step-${String(step).padStart(6, "0")}`;
}

/** First out of sight, then away, so that it is never seen half removed. */
async function removeCheckpoint(path: string): Promise<void> {
  const hidden = path.replace(/step-\d+$/, (name) => `.${name}.removing`);
  try {
    await removeAll(hidden);
    await Deno.rename(path, hidden);
    await removeAll(hidden);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function readInfo(path: string) {
  let text: string;
  try {
    text = await Deno.readTextFile(join(path, INFO));
  } catch (error) {
    throw damaged(path, `${INFO} cannot be read (${(error as Error).message})`);
  }
  try {
    const { checksum, ...content } = JSON.parse(text);
    if (checksum !== hashText(JSON.stringify(content))) throw new Error();
    const { tensors, ...info } = content as CheckpointInfo & { tensors: StoredTensors };
    return { info, tensors };
  } catch {
    throw damaged(path, `${INFO} is cut short or was changed after it was written`);
  }
}

interface StoredTensors {
  file: string;
  bytes: number;
  sha256: string;
}

function damaged(path: string, reason: string): Error {
  return new Error(`Checkpoint ${path} is damaged: ${reason}`);
}

async function checkpointNames(folder: string): Promise<string[]> {
  const names = (await folderNames(folder)).filter((name) => /^step-\d+$/.test(name));
  return names.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
}

async function folderNames(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function checkFinite(tensors: HostRecord): Promise<void> {
  for (const [name, { data }] of Object.entries(tensors)) {
    for (let i = 0; i < data.length; i++) {
      if (!Number.isFinite(data[i])) throw new NotFiniteError(`${name} holds ${data[i]}`);
    }
    // Large tensors take a while: let others have the thread in between.
    if (data.length > 1 << 16) await new Promise((resolve) => setTimeout(resolve));
  }
}
