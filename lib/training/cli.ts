/**
 * deno task train: trains a model and leaves checkpoints, pictures and a report in a run folder.
 *
 *     deno task train                                      the config "digits": minutes on two cores
 *     deno task train mnist --set optimizer.lr=5e-4
 *     deno task train --resume                             goes on with the run that was started last
 */
import { dirname } from "node:path";
import { type Device, openDevice } from "../engine/mod.ts";
import { judgeOf } from "../evaluation/judge_task.ts";
import { announcement, conclusion } from "./announce.ts";
import { readArguments } from "../arguments.ts";
import { type Checkpoint, loadNewestCheckpoint } from "./checkpoint.ts";
import { type AnyTask, createTask } from "./create_task.ts";
import { finishRun } from "./finish.ts";
import { createPrepareLine } from "./prepare_line.ts";
import { createProgress, type Progress } from "./progress.ts";
import { collectProvenance } from "./provenance.ts";
import { checkResumable, checkSpace } from "./resume.ts";
import { createRun, runFile, type RunFolder } from "./run_folder.ts";
import type { TrainTask } from "./task.ts";
import { train, type TrainResult } from "./train.ts";
import { planTraining, TRAIN_OPTIONS, type TrainPlan, usage } from "./train_plan.ts";

/** Exit codes. */
const DONE = 0, FAILED = 1, REFUSED = 2, INTERRUPTED = 130;

/** Runs one command line; returns the exit code, or throws an error of one sentence. */
export async function runTrain(args: readonly string[]): Promise<number> {
  const { words, options } = readArguments(args, TRAIN_OPTIONS);
  if (options.help) {
    console.log(await usage());
    return DONE;
  }
  const plan = await planTraining(words, options);
  const { config } = plan;
  const device = await openDevice(config.device);
  console.log(`Loading ${config.data.name} …`);
  const preparing = createPrepareLine();
  const any = await createTask(device, config, { onProgress: preparing.show }).finally(() =>
    preparing.end()
  );
  const { task } = any;
  try {
    const command = ["deno task train", ...args].join(" ");
    const run = plan.kind === "new"
      ? await startRun(plan, task, device, command)
      : { path: plan.path, config, provenance: plan.provenance };
    const resume = plan.kind === "resume" ? await findCheckpoint(run, task) : undefined;
    console.log(announcement(run, task, {
      engine: device.description,
      resumedAt: resume?.info.step,
      asWritten: plan.kind === "new" && plan.asWritten,
    }));
    return await trainAndReport(any, run, device, resume);
  } finally {
    await task.dispose();
  }
}

async function startRun(
  { path, config }: TrainPlan,
  task: TrainTask,
  device: Device,
  command: string,
): Promise<RunFolder> {
  await checkSpace(dirname(path), task.params, config);
  const engine = device.description, data = task.fingerprint;
  return await createRun(path, config, await collectProvenance({ command, engine, data }));
}

async function findCheckpoint(run: RunFolder, task: TrainTask): Promise<Checkpoint | undefined> {
  const found = await loadNewestCheckpoint(
    runFile(run, "checkpoints"),
    (reason) => console.error(`${reason}. Going on with the one before it.`),
  );
  if (found) checkResumable(found, task, run.config);
  return found;
}

async function trainAndReport(
  any: AnyTask,
  run: RunFolder,
  device: Device,
  resume: Checkpoint | undefined,
): Promise<number> {
  const { task } = any, progress = createProgress(run.config.steps);
  const interrupt = stopOnInterrupt(run, progress);
  let result: TrainResult | undefined;
  try {
    const { signal: stop } = interrupt;
    result = await train(task, run, device, { resume, stop, watch: progress });
    progress.pause();
    if (!result.finished) {
      console.log(
        `Stopped after step ${result.step}; all of it is saved. ` +
          `Go on with: deno task train --resume ${run.path}`,
      );
      return INTERRUPTED;
    }
    interrupt.trained = true;
    const report = await finishRun(task, run, result, {
      judge: judgeOf(device, run.config, any),
      onStage: (stage) => console.log(`${stage} …`),
    });
    console.log(conclusion(run, report));
    return DONE;
  } finally {
    progress.pause();
    interrupt.end();
    await result?.dispose();
  }
}

/** What Ctrl-C does to a run. */
interface Interrupt {
  /** Fires when the run should stop. */
  signal: AbortSignal;
  /** Whether training is done and only the report is missing. */
  trained: boolean;
  /** Gives Ctrl-C back. */
  end(): void;
}

/** The first Ctrl-C asks the run to stop; a second one, or one when all is trained, ends the program. */
function stopOnInterrupt(run: RunFolder, progress: Progress): Interrupt {
  const stop = new AbortController();
  const interrupt = {
    signal: stop.signal,
    trained: false,
    end: () => Deno.removeSignalListener("SIGINT", onInterrupt),
  };
  function onInterrupt() {
    progress.pause();
    if (stop.signal.aborted || interrupt.trained) {
      const saved = interrupt.trained ? "All training is saved, the report is not written. " : "";
      console.log(`${saved}Go on with: deno task train --resume ${run.path}`);
      Deno.exit(INTERRUPTED);
    }
    console.log("Saving after this step; Ctrl-C again quits at once.");
    stop.abort();
  }
  Deno.addSignalListener("SIGINT", onInterrupt);
  return interrupt;
}

if (import.meta.main) {
  try {
    Deno.exit(await runTrain(Deno.args));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(error instanceof RangeError ? REFUSED : FAILED);
  }
}
