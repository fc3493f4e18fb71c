import { dirname } from "node:path";
import type { Device } from "../../engine/mod.ts";
import { loadNewestCheckpoint } from "../../training/checkpoint.ts";
import { type AnyTask, createTask } from "../../training/create_task.ts";
import { finishRun } from "../../training/finish.ts";
import { collectProvenance } from "../../training/provenance.ts";
import { checkResumable } from "../../training/resume.ts";
import { createRun, openRun, runFile, type RunFolder } from "../../training/run_folder.ts";
import type { TextDataOptions } from "../../training/text_data.ts";
import { train, type TrainWatcher } from "../../training/train.ts";
import { judgeOf } from "../judge_task.ts";
import { type CompareFolder, configOf, runPathOf, type Side, SIDES } from "./plan.ts";

/** Options of {@linkcode runSeeds}. */
export interface RunSeedsOptions extends TextDataOptions {
  /** Stops after the step under way; what was done is saved. */
  stop?: AbortSignal | undefined;
  /** Follows each run; gets its number, from 1, of so many. */
  onRun?: (run: { side: Side; seed: number; number: number; of: number; steps: number }) => void;
  watch?: TrainWatcher;
  onStage?: (stage: string) => void;
}

/**
 * Trains and judges both configs with every seed, one run after the other. Runs that are finished are left alone, one
 * that was interrupted goes on. With one seed both sides start from the same parameters, and see the same data, noise
 * and labels in the same order. False if it was stopped before the end.
 */
export async function runSeeds(
  folder: CompareFolder,
  device: Device,
  options: RunSeedsOptions = {},
): Promise<boolean> {
  const { seeds } = folder.plan, { stop, onRun } = options;
  // The sides take turns in going first, in case the machine gets slower or faster with time.
  const runs = seeds.flatMap((seed, i) =>
    (i % 2 === 0 ? [...SIDES] : [...SIDES].reverse()).map((side) => ({ side, seed }))
  );
  for (const [i, { side, seed }] of runs.entries()) {
    if (stop?.aborted) return false;
    const path = runPathOf(folder, side, seed);
    if (await isFinished(path)) continue;
    const { steps } = configOf(folder, side, seed);
    onRun?.({ side, seed, number: i + 1, of: runs.length, steps });
    if (!await runOne(folder, { side, seed }, device, options)) return false;
  }
  return true;
}

/** Whether a run has written its report, which it does last. */
export async function isFinished(path: string): Promise<boolean> {
  return await Deno.stat(runFile({ path }, "report")).then(() => true, () => false);
}

async function runOne(
  folder: CompareFolder,
  { side, seed }: { side: Side; seed: number },
  device: Device,
  { stop, watch, onStage, ...data }: RunSeedsOptions,
): Promise<boolean> {
  const path = runPathOf(folder, side, seed), config = configOf(folder, side, seed);
  const any = await createTask(device, config, data), { task } = any;
  try {
    const run = await openRun(path).catch(() => undefined) ??
      await startRun(path, folder, config, any, device);
    const resume = await loadNewestCheckpoint(runFile(run, "checkpoints"));
    if (resume) checkResumable(resume, task, config);
    const result = await train(task, run, device, {
      resume,
      ...(stop && { stop }),
      ...(watch && { watch }),
    });
    try {
      if (!result.finished) return false;
      await finishRun(task, run, result, {
        judge: judgeOf(device, config, any),
        ...(onStage && { onStage }),
      });
      return true;
    } finally {
      await result.dispose();
    }
  } finally {
    await task.dispose();
  }
}

async function startRun(
  path: string,
  { path: folder }: CompareFolder,
  config: RunFolder["config"],
  { task }: AnyTask,
  device: Device,
): Promise<RunFolder> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const provenance = await collectProvenance({
    command: `deno task compare --resume ${folder}`,
    engine: device.description,
    data: task.fingerprint,
  });
  return await createRun(path, config, provenance);
}
