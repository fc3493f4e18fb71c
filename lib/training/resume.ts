import { statfs } from "node:fs/promises";
import type { HostRecord } from "../tensors.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { TrainConfig } from "./config.ts";
import { shapesOf, type TrainTask } from "./task.ts";

/** Settings that do not change what is learned: a resumed run may have others. */
const FREE = ["about", "device"];

/** Throws a sentence unless a run with this task and config can go on exactly where the checkpoint is. */
export function checkResumable(
  checkpoint: Pick<Checkpoint, "path" | "info">,
  task: Pick<TrainTask, "params" | "fingerprint" | "facts">,
  config: TrainConfig,
): void {
  const { difference, advice } = whatDiffers(checkpoint, task, config) ?? {};
  if (!difference) return;
  throw new RangeError(`Cannot go on from ${checkpoint.path}: ${difference}${advice ?? ""}`);
}

/** In which way a run with this task and config is another than the checkpoint's; undefined if it can go on. */
export function whatDiffers(
  { info }: Pick<Checkpoint, "info">,
  task: Pick<TrainTask, "params" | "fingerprint" | "facts">,
  config: TrainConfig,
): { difference: string; advice?: string } | undefined {
  if (info.fingerprint !== task.fingerprint) {
    return {
      difference: `it learned from ${info.fingerprint}, but the data is now ${task.fingerprint}`,
    };
  }
  const changed = firstDifference(info.config, config);
  if (changed) {
    const { name, before, now } = changed;
    return {
      difference: `it was made with ${name} ${JSON.stringify(before)}, but the ` +
        `run's config says ${JSON.stringify(now)}`,
      advice: "; put that back, or start a new run",
    };
  }
  const other = otherModel(info.shapes, shapesOf(task.params));
  if (other) {
    return {
      difference:
        `it is of another model (${info.model.name}; ${other}), not of ${task.facts.name}`,
    };
  }
}

/** What tells the parameters apart, as a phrase; undefined if they have the same names and shapes. */
export function otherModel(
  saved: Record<string, readonly number[]>,
  expected: Record<string, readonly number[]>,
): string | undefined {
  for (const [name, shape] of Object.entries(expected)) {
    const came = saved[name];
    if (!came) return `it has no ${name}`;
    if (came.join() !== shape.join()) {
      return `its ${name} is [${came.join(", ")}] instead of [${shape.join(", ")}]`;
    }
  }
  const extra = Object.keys(saved).find((name) => !expected[name]);
  return extra && `it has ${extra} too`;
}

/** Throws a sentence if the checkpoints that a run keeps will not fit on the disk. */
export async function checkSpace(
  folder: string,
  params: HostRecord,
  config: TrainConfig,
  freeBytes: (folder: string) => Promise<number> = bytesFree,
): Promise<void> {
  const numbers = Object.values(params).reduce((sum, { data }) => sum + data.length, 0);
  // Parameters, two moments of AdamW and the moving average; one more checkpoint while it is written.
  const checkpoint = 4 * numbers * (config.ema.decay > 0 ? 4 : 3);
  const needed = checkpoint * (config.keep.last + config.keep.best + 1);
  const free = await freeBytes(folder);
  if (free >= needed) return;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
  throw new RangeError(
    `The checkpoints of this run take ${megabytes(needed)}, but ${folder} has ` +
      `${megabytes(free)} left: free some space, choose another folder with --out, or keep ` +
      `fewer (--set keep.last=1 --set keep.best=0)`,
  );
}

async function bytesFree(folder: string): Promise<number> {
  // Asked first, so that without the permission nobody is interrupted by a question.
  const statfsAllowed = { name: "sys", kind: "statfs" } as unknown as Deno.SysPermissionDescriptor;
  try {
    if ((await Deno.permissions.query(statfsAllowed)).state !== "granted") return Infinity;
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    // Not every system tells.
    return Infinity;
  }
}

function firstDifference(before: unknown, now: unknown, path: string[] = []):
  | { name: string; before: unknown; now: unknown }
  | undefined {
  if (path.length === 1 && FREE.includes(path[0]!)) return undefined;
  if (!isRecord(before) || !isRecord(now)) {
    return JSON.stringify(before) === JSON.stringify(now)
      ? undefined
      : { name: path.join("."), before, now };
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const found = firstDifference(before[key], now[key], [...path, key]);
    if (found) return found;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
