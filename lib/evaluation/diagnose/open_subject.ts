import { batchOf, type Dataset, loadDataset } from "../../data/mod.ts";
import { STAGES } from "../../data/pictures/facts.ts";
import { guidedVelocity, solve } from "../../flow/mod.ts";
import type { ImageShape } from "../../models/mod.ts";
import { type Checkpoint, loadNewestCheckpoint } from "../../training/checkpoint.ts";
import type { TrainConfig } from "../../training/config.ts";
import type { AnyTask } from "../../training/create_task.ts";
import type { FlowTask } from "../../training/flow_task.ts";
import { readMetrics } from "../../training/metrics.ts";
import { runFile, type RunFolder } from "../../training/run_folder.ts";
import { withoutAuxiliary } from "../../training/task.ts";
import type { TextTask } from "../../training/text_task.ts";
import { weightsOf } from "../../training/trained_model.ts";
import type { Rows, Subject } from "./subject.ts";

/** Examples that are looked at in a run of more. */
const MOST = 512;
/** A run of up to so many examples is looked at as a whole. */
const WHOLE = 2048;

/** A subject without what training adds. */
export type Untrained = Omit<Subject, "name" | "weights" | "history" | "step" | "diverged">;

/** What a config's task is made of, in the form that the probes take; throws a sentence for what draws nothing. */
export async function untrained(config: TrainConfig, any: AnyTask): Promise<Untrained> {
  const common = { config, solve, guided: guidedVelocity };
  if (any.kind === "classes") {
    const { task } = any, { model, facts } = task;
    const rows = classRows(task);
    const pictures = { images: rows.x0, shape: rows.shape };
    return { ...common, model, classes: facts.classes, rows, pictures, task };
  }
  if (any.kind === "text") {
    const { task } = any, { model, data } = task;
    const rows = await textRows(task, config.data.size), { codec, encoder } = data;
    const pictures = codec ? await originals(config, rows) : { images: rows.x0, shape: rows.shape };
    return { ...common, model, classes: [], rows, pictures, codec, encoder, task };
  }
  throw new RangeError(
    `Cannot diagnose a ${any.kind}: expected a config whose model draws pictures`,
  );
}

/** What a run has learned so far; throws a sentence if it has no checkpoint and did not diverge. */
export async function trained(
  base: Untrained,
  run: RunFolder,
  diverged?: string,
): Promise<Subject> {
  const found = await loadNewestCheckpoint(runFile(run, "checkpoints"));
  if (!found && diverged === undefined) {
    throw new RangeError(`The run in ${run.path} has no checkpoint yet`);
  }
  const history = (await readMetrics(runFile(run, "metrics"))).filter((line) =>
    line.kind === "train"
  );
  return {
    ...base,
    name: run.path,
    config: run.config,
    weights: found ? weightsIn(found, run.config) : { params: withoutAuxiliary(base.task.params) },
    step: found?.info.step ?? 0,
    history,
    diverged,
  };
}

function weightsIn(checkpoint: Checkpoint, { ema }: TrainConfig): Subject["weights"] {
  return {
    params: weightsOf(checkpoint, "params"),
    ...(ema.decay > 0 && { ema: weightsOf(checkpoint, "ema") }),
  };
}

/** The labelled images that a task learns from. */
export function datasetRows(dataset: Dataset, classes: number): Rows {
  const size = dataset.size <= WHOLE ? dataset.size : MOST;
  const { images, labels } = batchOf(dataset, [...Array(size).keys()]);
  return {
    size,
    complete: size === dataset.size,
    shape: dataset.shape,
    x0: images,
    ...(classes > 0 && { labels }),
  };
}

function classRows({ dataset, model }: FlowTask): Rows {
  return datasetRows(dataset, model.classes);
}

async function textRows({ data }: TextTask, size: number): Promise<Rows> {
  const wanted = size > 0 && size <= WHOLE ? size : MOST;
  const { latents, pooled, tokens, mask, captions } = await data.learned(wanted);
  return {
    size: captions.length,
    complete: wanted === size,
    shape: data.shape,
    x0: latents,
    text: { pooled, tokens, mask },
    captions,
  };
}

/** The pictures that rows were encoded from; undefined unless they can be made again. */
async function originals(
  { data }: TrainConfig,
  rows: Rows,
): Promise<Subject["pictures"]> {
  if (data.name !== "pictures") return undefined;
  const stages = data.stage ? [data.stage] : STAGES;
  const each = Math.ceil(rows.size / stages.length), parts: Dataset[] = [];
  for (const stage of stages) {
    const { seed, imageSize } = data;
    parts.push(
      await loadDataset("pictures", {
        split: "train",
        stage,
        seed,
        size: each,
        ...(imageSize !== undefined && { imageSize }),
      }),
    );
  }
  const captions = parts.flatMap(({ captions }) => captions!);
  // Made in the same order, or not the same pictures.
  if (captions.length !== rows.size) return undefined;
  const images = new Float32Array(parts.reduce((sum, { images }) => sum + images.length, 0));
  let at = 0;
  for (const part of parts) {
    images.set(batchOf(part, [...Array(part.size).keys()]).images, at);
    at += part.images.length;
  }
  return { images, shape: parts[0]!.shape as ImageShape };
}
