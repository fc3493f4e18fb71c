import * as tf from "@tensorflow/tfjs-core";
import { compile, type Device } from "../../engine/mod.ts";
import { flowLoss, withSketchLoss } from "../../flow/mod.ts";
import { addPrefix, countParameters, takePrefix } from "../../nn/mod.ts";
import { forkRandom, normals } from "../../random.ts";
import { float32, type HostRecord, type TensorRecord } from "../../tensors.ts";
import { AUXILIARY } from "../../training/task.ts";
import { lossOf } from "./field.ts";
import { dot, mean, median } from "./numbers.ts";
import { conditionTensors, gatherX0, levelTensor, predictionOf, type Subject } from "./subject.ts";
import { type Velocities, weightSpecs } from "./velocities.ts";

/** How the training went, and what it followed. */
export interface LearningEvidence {
  step: number;
  /** The trained loss over what it should be (flow matching, and the sketch), on the same batch: 1; null with Self-Flow. */
  loss_ratio: number | null;
  /** Gradient norm of each part of the model, as a share of all. */
  gradients: Record<string, number>;
  /** Loss on the examples: of the weights trained last, and of their moving average. */
  params_loss: number;
  ema_loss: number | null;
  /** Largest growth of a part's weights since the start, as a factor. */
  growth: number;
  /** Logged losses: the first, the last, and the last over the least. */
  first: number | null;
  last: number | null;
  rise: number | null;
  /** Share of logged losses above three times the median of those around them. */
  spikes: number;
  /** Share of logged gradients that were clipped; null where nothing is clipped. */
  clipped: number | null;
  /** The loss of the last tenth over that of the tenth at three quarters: below 1 it still falls. */
  falling: number | null;
  parameters: number;
  /** Parameters for each number that is to be memorised. */
  parameters_per_number: number;
  diverged: string | null;
}

/** Looks at the loss that was trained, its gradients, the weights and the log. */
export async function probeLearning(
  device: Device,
  velocities: Velocities,
  subject: Subject,
): Promise<LearningEvidence> {
  const { weights, rows, history, config, model, step } = subject;
  const losses = history.map(({ loss }) => loss);
  const tenth = Math.max(1, Math.floor(losses.length / 10));
  const late = mean(losses.slice(-tenth)), at = Math.floor(0.75 * losses.length);
  const norms = history.flatMap(({ gradientNorm }) => gradientNorm === null ? [] : [gradientNorm]);
  const { clipNorm } = config.optimizer, parameters = countParameters(model.params);
  return {
    step,
    ...await probeLoss(device, subject),
    params_loss: await lossOf(velocities, subject, weights.params),
    ema_loss: weights.ema ? await lossOf(velocities, subject, weights.ema) : null,
    growth: growthOf(subject),
    first: losses[0] ?? null,
    last: losses.length > 0 ? late : null,
    rise: losses.length > 0 ? late / Math.min(...losses) : null,
    spikes: spikesOf(losses),
    clipped: clipNorm > 0 && norms.length > 0
      ? mean(norms.map((norm) => Number(norm > clipNorm)))
      : null,
    falling: losses.length >= 20 ? late / mean(losses.slice(at - tenth, at)) : null,
    parameters,
    parameters_per_number: parameters / rows.x0.length,
    diverged: subject.diverged ?? null,
  };
}

/** The loss that was trained beside the flow matching loss, on one batch, and its gradients by part. */
async function probeLoss(
  device: Device,
  subject: Subject,
): Promise<Pick<LearningEvidence, "loss_ratio" | "gradients">> {
  const { task, config, model, weights } = subject;
  if (config.objective.selfFlow) return { loss_ratio: null, gradients: {} };
  const batch = lossBatch(subject, task.batch.t!.shape[0]!);
  const names = Object.keys(model.params).filter((name) => !name.startsWith(`${AUXILIARY}.`));
  const { sketchWeight = 0 } = config.objective;
  const plain = withSketchLoss(flowLoss(model, predictionOf(subject)), model, sketchWeight);
  const program = await compile(device, (inputs): TensorRecord => {
    const tensors = takePrefix(inputs, "batch"), params = takePrefix(inputs, "weights");
    const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) =>
      task.loss(Object.fromEntries(names.map((name, i) => [name, values[i]!])), tensors, {})
    )(names.map((name) => params[name]!));
    const squares = grads.map((gradient, i) => [names[i]!, tf.sum(tf.square(gradient))] as const);
    return {
      trained: value,
      plain: plain(params, tensors),
      ...addPrefix(Object.fromEntries(squares), "gradient"),
    };
  }, {
    ...addPrefix(weightSpecs(subject), "weights"),
    ...addPrefix(
      Object.fromEntries(
        Object.entries(batch).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
      ),
      "batch",
    ),
  });
  const inputs = { ...addPrefix(weights.params, "weights"), ...addPrefix(batch, "batch") };
  const results = await program.run(inputs);
  await program.dispose();
  const squares: Record<string, number> = {};
  for (const name of names) {
    const part = partOf(name);
    squares[part] = (squares[part] ?? 0) + results[`gradient.${name}`]!.data[0]!;
  }
  const total = Object.values(squares).reduce((sum, square) => sum + square, 0);
  return {
    loss_ratio: results.trained!.data[0]! / results.plain!.data[0]!,
    gradients: Object.fromEntries(
      Object.entries(squares).map(([part, square]) => [part, Math.sqrt(square / total)]),
    ),
  };
}

/** One batch for the loss, of the first examples, with noise levels spread evenly. */
function lossBatch(subject: Subject, count: number): HostRecord {
  const { rows } = subject, places = Array.from({ length: count }, (_, i) => i % rows.size);
  const shape = [count, ...rows.shape], x0 = gatherX0(rows, places);
  return {
    x0: float32(shape, x0),
    x1: float32(shape, normals(forkRandom(0, "noise of the loss"), x0.length)),
    t: levelTensor(places.map((_, i) => (i + 0.5) / count)),
    ...conditionTensors(subject, places),
  };
}

/** `blocks.0`, `time_embedding`, `output` …: what a parameter belongs to. */
export function partOf(name: string): string {
  const [first, second] = name.split(".") as [string, string];
  return /^\d+$/.test(second) && !first.endsWith("embedding") ? `${first}.${second}` : first;
}

function growthOf({ weights, task }: Subject): number {
  const squares = (values: HostRecord, part: string) =>
    Object.entries(values).filter(([name]) => partOf(name) === part)
      .reduce((sum, [, { data }]) => sum + dot(data, data), 0);
  const parts = new Set(Object.keys(weights.params).map(partOf));
  return Math.max(...[...parts].map((part) => {
    const before = squares(task.params, part);
    return before > 0 ? Math.sqrt(squares(weights.params, part) / before) : 0;
  }));
}

function spikesOf(losses: readonly number[]): number {
  if (losses.length < 8) return 0;
  return mean(
    losses.map((loss, i) => Number(loss > 3 * median(losses.slice(Math.max(0, i - 4), i + 5)))),
  );
}
