import { compileTrainStep, type Device, type TrainStep, type Value } from "../engine/mod.ts";
import { type Checkpoint, NotFiniteError, pruneCheckpoints, saveCheckpoint } from "./checkpoint.ts";
import type { TrainConfig } from "./config.ts";
import { DiskError, type WriteOptions } from "../disk.ts";
import { diverged, type SafePlace, whatIsSafe } from "./divergence.ts";
import { emaDecayAt } from "./ema.ts";
import { createLossGuard } from "./loss_guard.ts";
import { addToWindow, EMPTY_WINDOW, openMetrics } from "./metrics.ts";
import { muon } from "./muon.ts";
import { adamw } from "./optimizers.ts";
import { dropSamplesAfter, saveSamples } from "./pictures.ts";
import { runFile, type RunFolder } from "./run_folder.ts";
import { learningRateAt } from "./schedule.ts";
import { startStopwatch } from "./stopwatch.ts";
import {
  type FedBatch,
  type FeedPosition,
  type HeldoutLoss,
  shapesOf,
  type TrainTask,
  withoutAuxiliary,
} from "./task.ts";

/** Options of {@linkcode train}. */
export interface TrainOptions extends WriteOptions {
  /** Where to go on; from the start by default. */
  resume?: Checkpoint | undefined;
  /** When it fires, the run saves a checkpoint after the step under way and stops. */
  stop?: AbortSignal;
  watch?: TrainWatcher;
}

/** Who follows a run: the progress line, a notebook, a test. */
export interface TrainWatcher {
  onStep?(event: { step: number; loss: number; imagesPerSecond: number }): void;
  onHeldout?(event: { step: number; loss: HeldoutLoss }): void;
  onSamples?(event: { step: number }): void;
  onCheckpoint?(event: { step: number; path: string }): void;
}

/** A run that has ended, or was stopped. */
export interface TrainResult {
  /** Updates made. */
  step: number;
  finished: boolean;
  /** Time spent, over all resumes. */
  seconds: number;
  /** The newest checkpoint. */
  checkpoint: string;
  /** What samples are drawn from: the moving average, where there is one. */
  weights(): Record<string, Value>;
  dispose(): Promise<void>;
}

/**
 * Trains a task as the run's config says and leaves checkpoints, metrics and samples in the run's folder. The
 * same config gives the same updates, whether a run goes through or is killed and resumed any number of times.
 *
 * Throws a DivergedError if the loss is no number or explodes, and a sentence if the disk fails.
 */
export async function train(
  task: TrainTask,
  run: RunFolder,
  device: Device,
  options: TrainOptions = {},
): Promise<TrainResult> {
  const { resume, stop, watch = {}, write } = options;
  const { config } = run;
  const { every, steps, accumulate } = config;
  const weights = () => withoutAuxiliary(step.weights(config.ema.decay > 0 ? "ema" : "params"));

  const step = await compileStep(device, task, config);
  const metrics = await prepare().catch(async (error) => {
    await step.dispose();
    throw error;
  });
  let { window, lowestHeldout } = resume?.info ?? { window: EMPTY_WINDOW, lowestHeldout: null };
  let checkpoint: SafePlace | undefined = resume && { step: resume.info.step, path: resume.path };
  const guard = createLossGuard(resume?.info.guard);
  const watchTime = startStopwatch(resume?.info.seconds);

  // A batch is made while the one before it is computed; only what was used counts as consumed.
  let next!: FedBatch, position!: FeedPosition;

  try {
    next = await task.feed.next();
    position = next.after;
    if (!resume) await milestone();
    while (step.step < steps && !stop?.aborted) {
      const { learningRate, loss, gradientNorm } = await update();
      const now = step.step;
      const problem = guard.check(loss, gradientNorm);
      if (problem) throw diverged(problem, now, run, checkpoint);

      window = addToWindow(window, loss);
      const imagesPerSecond = watchTime.perSecond(config.batchSize * accumulate);
      watch.onStep?.({ step: now, loss, imagesPerSecond });
      if (isDue(every.log, now, steps)) {
        await metrics.append({
          kind: "train",
          step: now,
          loss: window.sum / window.count,
          learningRate,
          gradientNorm: Number.isFinite(gradientNorm) ? gradientNorm : null,
          seconds: watchTime.seconds(),
          imagesPerSecond,
        });
        window = EMPTY_WINDOW;
      }
      const { heldoutLoss, best } = await milestone();
      if (best || stop?.aborted || now === steps || isDue(every.checkpoint, now, steps)) {
        await save(heldoutLoss);
      }
    }
    if (checkpoint === undefined) await save(null);
  } catch (error) {
    const at = step.step;
    await step.dispose();
    throw explain(error, at);
  } finally {
    metrics.close();
  }

  return {
    step: step.step,
    finished: step.step >= steps,
    seconds: watchTime.seconds(),
    checkpoint: checkpoint!.path,
    weights,
    dispose: () => step.dispose(),
  };

  /** Goes back to the checkpoint, where there is one, and opens the metrics. */
  async function prepare() {
    if (resume) {
      step.load(resume.state);
      task.feed.restore(resume.info.position);
    }
    const from = resume ? step.step : -1;
    await dropSamplesAfter(run, from);
    return await openMetrics(runFile(run, "metrics"), from, { write });
  }

  /** What failed, with what is safe. */
  function explain(error: unknown, at: number): unknown {
    if (error instanceof NotFiniteError) return diverged(error.message, at, run, checkpoint);
    if (!(error instanceof DiskError)) return error;
    return new DiskError(`${error.message}. ${whatIsSafe(checkpoint)}`, { cause: error });
  }

  /** One update from one batch, or from several whose gradients are averaged. */
  async function update() {
    const schedule = { ...config.schedule, lr: config.optimizer.lr, steps };
    const learningRate = learningRateAt(step.step + 1, schedule);
    const emaDecay = emaDecayAt(step.step + 1, config.ema.decay);
    let loss = 0, gradientNorm = NaN;
    watchTime.lap();
    for (let i = 0; i < accumulate; i++) {
      const running = step.run(next.tensors, { learningRate, emaDecay });
      position = next.after;
      const following = Promise.try(() => task.feed.next());
      following.catch(() => {}); // Heard below, once the step is done.
      const result = await running;
      loss += result.loss / accumulate;
      gradientNorm = result.gradientNorm;
      next = await following;
    }
    watchTime.lap();
    return { learningRate, loss, gradientNorm };
  }

  /** Held-out loss and samples, where they are due. */
  async function milestone() {
    const now = step.step;
    let heldoutLoss: number | null = null, best = false;
    if (task.heldout && isDue(every.heldout, now, steps)) {
      const loss = await task.heldout(weights());
      heldoutLoss = loss.loss;
      best = now > 0 && config.keep.best > 0 && heldoutLoss < (lowestHeldout ?? Infinity);
      if (best) lowestHeldout = heldoutLoss;
      await metrics.append({ kind: "heldout", step: now, ...loss, seconds: watchTime.seconds() });
      watch.onHeldout?.({ step: now, loss });
    }
    if (task.sample && isDue(every.samples, now, steps)) {
      await saveSamples(run, now, await task.sample(weights()), { write });
      watch.onSamples?.({ step: now });
    }
    return { heldoutLoss, best };
  }

  /** A checkpoint of the last update; older ones go only once it is there. */
  async function save(heldoutLoss: number | null) {
    const folder = runFile(run, "checkpoints");
    const { tensors } = await step.save();
    const info = {
      step: step.step,
      model: task.facts,
      shapes: shapesOf(task.params),
      config,
      fingerprint: task.fingerprint,
      position,
      guard: guard.save(),
      window,
      seconds: watchTime.seconds(),
      heldoutLoss,
      lowestHeldout,
    };
    checkpoint = { step: info.step, path: await saveCheckpoint(folder, info, tensors, { write }) };
    await pruneCheckpoints(folder, config.keep);
    watch.onCheckpoint?.(checkpoint);
  }
}

/** Whether something happens after this step: every N steps and after the last; −1 is never. */
export function isDue(every: number, step: number, steps: number): boolean {
  return every > 0 && (step % every === 0 || step === steps);
}

const OPTIMIZERS = { adamw, muon };

/** The compiled training step of a task, as its config asks for it. */
export function compileStep(
  device: Device,
  task: TrainTask,
  config: TrainConfig,
): Promise<TrainStep> {
  const { kind = "adamw", clipNorm, betas, epsilon, weightDecay } = config.optimizer;
  return compileTrainStep(device, {
    loss: (params, batch, average) => task.loss(params, batch, average),
    teacher: task.teacher ?? false,
    params: task.params,
    batch: task.batch,
    optimizer: OPTIMIZERS[kind]({ betas, epsilon, weightDecay }),
    clipNorm: clipNorm > 0 ? clipNorm : undefined,
    accumulate: config.accumulate,
    ema: config.ema.decay > 0,
  });
}
