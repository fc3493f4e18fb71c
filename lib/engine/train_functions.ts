import * as tf from "@tensorflow/tfjs-core";
import type { HostRecord, SpecRecord, TensorRecord } from "../tensors.ts";
import { float32, sizeOf } from "../tensors.ts";
import { inBlocks } from "./ops/blocks.ts";

/** What an optimizer may want to know about a parameter. */
export interface ParameterInfo {
  name: string;
  shape: readonly number[];
}

/** How parameters follow their gradients. */
export interface Optimizer {
  /** Names of the tensors kept per parameter, zero at first, e.g. `["m", "v"]`. */
  slots: readonly string[];
  /** Numbers that change from step to step (counted from 1). */
  scalars(step: number, learningRate: number): Record<string, number>;
  /** Parameters that are updated as a whole; all others element by element, handed over in blocks. */
  asWhole?(info: ParameterInfo): boolean;
  /** One parameter's update. */
  update(
    parameter: tf.Tensor,
    gradient: tf.Tensor,
    slots: TensorRecord,
    scalars: TensorRecord,
    info: ParameterInfo,
  ): { parameter: tf.Tensor; slots: TensorRecord };
}

/** What a training step is made of. */
export interface TrainStepOptions {
  /** Loss of a batch, a scalar. `average` is empty without a `teacher`. */
  loss: (params: TensorRecord, batch: TensorRecord, average: TensorRecord) => tf.Scalar;
  /** Initial parameters. */
  params: HostRecord;
  /** Shapes and types of a batch. */
  batch: SpecRecord;
  optimizer: Optimizer;
  /** Gradients are scaled down to this global norm where they exceed it. */
  clipNorm?: number | undefined;
  /** Batches whose gradients are averaged for one update; default 1. */
  accumulate?: number;
  /** Whether an exponential moving average of the parameters is kept. */
  ema?: boolean;
  /** Whether the loss sees that average too, as a teacher: no gradient goes into it. */
  teacher?: boolean;
  /** File prefix for a time profile of the updates. */
  profile?: string;
}

/** The part of the state that holds sums of gradients. */
export const GRADIENTS = "gradients";
/** Marks results that become the state of the next step. */
export const NEXT = "next:";
/** Marks inputs that are single numbers. */
export const SCALAR = "scalar:";

/** (state, batch, scalars) → (loss, next state). */
export function updateFunction(options: TrainStepOptions) {
  const { optimizer, accumulate = 1, clipNorm, ema } = options;
  const names = Object.keys(options.params);
  return (inputs: TensorRecord): TensorRecord => {
    const { loss, gradients } = lossAndGradients(options, inputs);
    const outputs: TensorRecord = { loss };
    const summed = accumulate === 1
      ? gradients
      : gradients.map((gradient, i) => tf.add(gradient, inputs[`gradients/${names[i]}`]!));

    let factor: tf.Tensor | number = 1 / accumulate;
    if (clipNorm !== undefined) {
      const squares = summed.map((gradient) => tf.sum(tf.square(gradient)));
      const norm = tf.div(tf.sqrt(tf.addN(squares)), accumulate);
      // Gradients are scaled by min(1, clipNorm / norm), as torch.nn.utils.clip_grad_norm_ does.
      factor = tf.div(tf.minimum(1, tf.div(clipNorm, tf.add(norm, 1e-6))), accumulate);
      outputs.gradientNorm = norm;
    }
    const scalars: TensorRecord = {};
    for (const name of Object.keys(scalarInputs(options))) {
      scalars[name.slice(SCALAR.length)] = inputs[name]!;
    }
    const emaWeight = ema ? tf.sub(1, scalars.emaDecay!) : undefined;
    names.forEach((name, i) => {
      const info = { name, shape: options.params[name]!.shape };
      const tensors: TensorRecord = { parameter: inputs[`params/${name}`]!, gradient: summed[i]! };
      for (const slot of optimizer.slots) tensors[slot] = inputs[`${slot}/${name}`]!;
      if (ema) tensors.ema = inputs[`ema/${name}`]!;
      const work = (blocks: TensorRecord) => {
        const gradient = factor === 1 ? blocks.gradient! : tf.mul(blocks.gradient!, factor);
        const updated = optimizer.update(blocks.parameter!, gradient, blocks, scalars, info);
        const result: TensorRecord = { params: updated.parameter, ...updated.slots };
        if (emaWeight) {
          const change = tf.sub(updated.parameter, blocks.ema!);
          result.ema = tf.add(blocks.ema!, tf.mul(change, emaWeight));
        }
        return result;
      };
      const next = optimizer.asWhole?.(info) ? work(tensors) : inBlocks(tensors, work);
      for (const [part, tensor] of Object.entries(next)) outputs[`${NEXT}${part}/${name}`] = tensor;
    });
    return outputs;
  };
}

/** (params, gradients so far, batch, average for a teacher) → (loss, gradients so far + this batch's). */
export function accumulateFunction(options: TrainStepOptions) {
  return (inputs: TensorRecord): TensorRecord => {
    const { loss, gradients } = lossAndGradients(options, inputs);
    const outputs: TensorRecord = { loss };
    Object.keys(options.params).forEach((name, i) => {
      outputs[`${NEXT}gradients/${name}`] = tf.add(gradients[i]!, inputs[`gradients/${name}`]!);
    });
    return outputs;
  };
}

function lossAndGradients(options: TrainStepOptions, inputs: TensorRecord) {
  const names = Object.keys(options.params);
  const batch = pickNames(inputs, Object.keys(options.batch));
  const average = options.teacher ? averageOf(options, inputs) : {};
  const evaluate = tf.valueAndGrads((...values: tf.Tensor[]) => {
    const params = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
    return options.loss(params, batch, average);
  });
  const { value, grads } = evaluate(names.map((name) => inputs[`params/${name}`]!));
  return { loss: value, gradients: grads };
}

function averageOf({ params, ema }: TrainStepOptions, inputs: TensorRecord): TensorRecord {
  if (!ema) {
    throw new RangeError("A teacher needs a moving average (ema): this training step keeps none");
  }
  return Object.fromEntries(Object.keys(params).map((name) => [name, inputs[`ema/${name}`]!]));
}

/** The parts of the state that a loss and its gradients are computed from. */
export function lossParts({ teacher }: TrainStepOptions): string[] {
  return teacher ? ["params", "gradients", "ema"] : ["params", "gradients"];
}

function stateParts(options: TrainStepOptions): string[] {
  return [
    "params",
    ...options.optimizer.slots,
    ...(options.ema ? ["ema"] : []),
    ...((options.accumulate ?? 1) > 1 ? ["gradients"] : []),
  ];
}

/** Shapes of the whole state: `params/…`, the optimizer's slots, `ema/…`, `gradients/…`. */
export function stateShapes(options: TrainStepOptions): SpecRecord {
  const shapes: SpecRecord = {};
  for (const part of stateParts(options)) {
    for (const [name, { shape }] of Object.entries(options.params)) {
      shapes[`${part}/${name}`] = { shape, dtype: "float32" };
    }
  }
  return shapes;
}

/** The single numbers that every update takes: those of the optimizer, and the decay of the average. */
export function scalarInputs(options: TrainStepOptions): SpecRecord {
  const names = Object.keys(options.optimizer.scalars(1, 0));
  if (options.ema) names.push("emaDecay");
  return Object.fromEntries(
    names.map((name) => [`${SCALAR}${name}`, { shape: [], dtype: "float32" }]),
  );
}

/** The state before the first update: copies of the parameters, and zeros. */
export function initialState(options: TrainStepOptions): HostRecord {
  const state: HostRecord = {};
  for (const part of stateParts(options)) {
    if (part === "params" || part === "ema") {
      for (const [name, tensor] of Object.entries(options.params)) {
        state[`${part}/${name}`] = { ...tensor, data: tensor.data.slice() };
      }
    } else {
      Object.assign(state, zeroState(options, part));
    }
  }
  return state;
}

/** Zeros in the shape of every parameter, as one part of the state. */
export function zeroState(options: TrainStepOptions, part: string): HostRecord {
  return Object.fromEntries(
    Object.entries(options.params).map(([name, { shape }]) => [
      `${part}/${name}`,
      float32(shape, new Float32Array(sizeOf(shape))),
    ]),
  );
}

function pickNames<T>(record: Record<string, T>, names: string[]): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, record[name]!]));
}
