import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Device, openDevice, toHost, type Value } from "../engine/mod.ts";
import { interruptSignal } from "../jupyter/inside.ts";
import type { Model, Vae } from "../models/mod.ts";
import type { HostRecord } from "../tensors.ts";
import { type Checkpoint, loadNewestCheckpoint } from "../training/checkpoint.ts";
import type { TrainConfig } from "../training/config.ts";
import { removeAll } from "../disk.ts";
import { createTask } from "../training/create_task.ts";
import { createFlowTask, type loadImages } from "../training/flow_task.ts";
import { duration } from "../training/progress.ts";
import { collectProvenance } from "../training/provenance.ts";
import { checkSpace, whatDiffers } from "../training/resume.ts";
import { createRun, openRun, runFile, type RunFolder } from "../training/run_folder.ts";
import { checkConfig } from "../training/settings.ts";
import type { ModelFacts, TrainTask } from "../training/task.ts";
import { train } from "../training/train.ts";
import type { TextData } from "../training/text_data.ts";
import { createTextTask } from "../training/text_task.ts";
import { weightsOf } from "../training/trained_model.ts";
import { createVaeTask, type VaeTrainConfig } from "../training/vae_task.ts";
import { quick } from "./quick.ts";
import { showTraining, type TrainingView } from "./training_view.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Where runs of notebooks lie; quick runs apart, so that a test never replaces what somebody has trained. */
export const NOTEBOOK_RUNS = join(ROOT, "runs", quick("notebooks", "notebooks-quick"));

/** Options of {@linkcode trainCell}. */
export interface TrainCellOptions {
  /** Starts over, whatever is there. */
  anew?: boolean;
  /** Where the run's folder is made; `runs/notebooks` by default. */
  folder?: string;
  device?: Device;
  /** Learns from these, with a fingerprint of their own, instead of those that the config names. */
  images?: Awaited<ReturnType<typeof loadImages>>;
  /** The same for a model with text; the training gives it back when it ends. */
  texts?: TextData;
  /** Stops the run; the notebook's stop button by default. */
  stop?: AbortSignal;
  view?: TrainingView;
}

/** What a training cell ends with: in the form of a model that ships with the course, so both are drawn from alike. */
export interface TrainedCell<M = Model> {
  name: string;
  config: TrainConfig;
  model: M;
  facts: ModelFacts;
  /** What pictures are drawn with: the moving average, where there is one. */
  weights: HostRecord;
  /** Updates made, of `config.steps`. */
  step: number;
  finished: boolean;
  /** Training time, over all times the cell was run. */
  seconds: number;
  /** The run's folder. */
  path: string;
}

/**
 * Trains in a notebook cell as a config says, with a live view of loss, speed, time left and samples.
 *
 * Everything is kept in `runs/notebooks/NAME`. The stop button saves and ends the training; the same cell run again
 * goes on from there, also after the kernel was killed. A finished run is only loaded. When the config (or the data)
 * is another than the folder's, training starts anew, and the old run is kept beside it, as `NAME-before`.
 */
export async function trainCell(
  config: TrainConfig,
  options: TrainCellOptions = {},
): Promise<TrainedCell> {
  return await runCell(config, options, drawingTask);
}

/** The same for an autoencoder, `config.model.kind` being "vae": its samples are originals and reconstructions. */
export async function trainAutoencoderCell(
  config: TrainConfig,
  options: TrainCellOptions = {},
): Promise<TrainedCell<Vae>> {
  if (config.model.kind !== "vae") {
    throw new RangeError(
      `trainAutoencoderCell trains autoencoders, and the model of ${config.name} is a ` +
        `${config.model.kind}: use trainCell`,
    );
  }
  return await runCell(
    config,
    options,
    (device, config, { images }) => createVaeTask(device, config as VaeTrainConfig, images),
  );
}

/** The same for a task that the config alone does not describe, such as one with a planted fault. */
export async function trainTaskCell(
  config: TrainConfig,
  task: TrainTask & { model: Model },
  options: Omit<TrainCellOptions, "images" | "texts"> = {},
): Promise<TrainedCell> {
  return await runCell(config, options, () => Promise.resolve(task));
}

/** A task and the model that it trains. */
type ModelTask<M> = TrainTask & { model: M };

/** Makes the task of a config, from data that is handed over or from what the config names. */
type MakeTask<M> = (
  device: Device,
  config: TrainConfig,
  data: Pick<TrainCellOptions, "images" | "texts">,
) => Promise<ModelTask<M>>;

async function runCell<M>(
  config: TrainConfig,
  options: TrainCellOptions,
  makeTask: MakeTask<M>,
): Promise<TrainedCell<M>> {
  const { folder = NOTEBOOK_RUNS, stop = interruptSignal() } = options;
  const checked = checkConfig(config);
  const path = join(folder, checked.name);
  // A stopped cell may have ended while its training still saves: two must not write into one folder.
  const before = underWay.get(path) ?? Promise.resolve();
  const training = before.then(() => trainAt(path, checked, { ...options, stop }, makeTask));
  underWay.set(path, training.then(() => {}, () => {}));
  return await training;
}

/** The last training in each folder; settled once nothing is written there any more. */
const underWay = new Map<string, Promise<void>>();

async function trainAt<M>(
  path: string,
  checked: TrainConfig,
  options: TrainCellOptions & { stop: AbortSignal },
  makeTask: MakeTask<M>,
): Promise<TrainedCell<M>> {
  const { anew = false, stop } = options;
  const device = options.device ?? await openDevice(checked.device);
  const task = await makeTask(device, checked, options);
  try {
    const found = anew ? { news: "Starting over." } : await findRun(path, checked, task);
    const run = found.run ?? await startRun(path, checked, task, device);
    const view = options.view ?? showTraining(checked);
    await view.begin(run, found.news);
    const at = found.checkpoint;
    if (at && at.info.step >= checked.steps) {
      const { step, seconds } = at.info;
      await view.end(
        `All ${step} steps were made before, in ${duration(seconds)}: loaded from ${
          shown(path)
        }. ` +
          "To train once more, give trainCell the option { anew: true }.",
      );
      const weights = weightsOf(at, checked.ema.decay > 0 ? "ema" : "params");
      return { ...describe(task, run), weights, step, finished: true, seconds };
    }
    const result = await train(task, run, device, { resume: at, stop, watch: view });
    const { step, finished, seconds } = result;
    const weights = await copyOf(result.weights());
    await result.dispose();
    await view.end(
      finished
        ? `All ${step} steps are made, in ${duration(seconds)}. Saved in ${shown(path)}.`
        : `Stopped after step ${step} of ${checked.steps}; all of it is saved. ` +
          "Run this cell again to go on.",
    );
    return { ...describe(task, run), weights, step, finished, seconds };
  } finally {
    await task.dispose();
  }
}

/** The task of a config that draws pictures: of classes, or from prompts. */
async function drawingTask(
  device: Device,
  config: TrainConfig,
  { images, texts }: Pick<TrainCellOptions, "images" | "texts">,
): Promise<ModelTask<Model>> {
  if (texts) return await createTextTask(device, config, texts);
  if (images) return await createFlowTask(device, config, images);
  const { kind, task } = await createTask(device, config);
  if (kind === "classes" || kind === "text") return task;
  await task.dispose();
  throw new RangeError(`trainCell trains models that draw, and ${config.name} is a ${kind}`);
}

interface FoundRun {
  run?: RunFolder;
  checkpoint?: Checkpoint | undefined;
  /** What the learner should know about it. */
  news?: string;
}

/** The run that goes on, or why there is none. */
async function findRun(
  path: string,
  config: TrainConfig,
  task: TrainTask,
): Promise<FoundRun> {
  if (!await exists(path)) return {};
  const startingAnew = (why: string) => ({
    news: `Training starts anew, and the run before is kept in ${shown(path)}-before: ${why}.`,
  });
  try {
    const run = await openRun(path);
    const checkpoint = await loadNewestCheckpoint(runFile(run, "checkpoints"));
    if (!checkpoint) return startingAnew("it had no checkpoint yet");
    const other = whatDiffers(checkpoint, task, config);
    if (other) return startingAnew(other.difference);
    const { step } = checkpoint.info;
    const news = step < config.steps ? { news: `Going on after step ${step}.` } : {};
    return { run, checkpoint, ...news };
  } catch (error) {
    return startingAnew((error as Error).message);
  }
}

async function startRun(
  path: string,
  config: TrainConfig,
  task: TrainTask,
  device: Device,
): Promise<RunFolder> {
  if (await exists(path)) {
    await removeAll(`${path}-before`);
    await Deno.rename(path, `${path}-before`);
  }
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await checkSpace(join(path, ".."), task.params, config);
  const engine = device.description, data = task.fingerprint;
  const command = `trainCell, ${config.name}`;
  return await createRun(path, config, await collectProvenance({ command, engine, data }));
}

function describe<M>({ model, facts }: ModelTask<M>, { path, config }: RunFolder) {
  return { name: config.name, config, model, facts, path };
}

async function copyOf(weights: Record<string, Value>): Promise<HostRecord> {
  const copies: HostRecord = {};
  for (const [name, value] of Object.entries(weights)) {
    const { data, ...spec } = await toHost(value);
    copies[name] = { ...spec, data: data.slice() as typeof data };
  }
  return copies;
}

/** A path as people read it: from the project's folder, where it lies in it. */
function shown(path: string): string {
  const inside = relative(ROOT, path);
  return inside.startsWith("..") ? path : inside;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
