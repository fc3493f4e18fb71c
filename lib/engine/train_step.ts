import * as tf from "@tensorflow/tfjs-core";
import type { HostRecord, HostTensor, SpecRecord, TensorRecord } from "../tensors.ts";
import { float32, sizeOf } from "../tensors.ts";
import type { Device, DeviceTensor, Executable, Value } from "./device.ts";
import { toHost } from "./device.ts";
import { inBlocks } from "./ops/blocks.ts";

/** How parameters follow their gradients. */
export interface Optimizer {
  /** Names of the tensors kept per parameter, zero at first, e.g. `["m", "v"]`. */
  slots: readonly string[];
  /** Numbers that change from step to step (counted from 1). */
  scalars(step: number, learningRate: number): Record<string, number>;
  /** One parameter's update, element by element; `decays`: whether it is a matrix or kernel, not a vector. */
  update(
    parameter: tf.Tensor,
    gradient: tf.Tensor,
    slots: TensorRecord,
    scalars: TensorRecord,
    decays: boolean,
  ): { parameter: tf.Tensor; slots: TensorRecord };
}

/** What a training step is made of. */
export interface TrainStepOptions {
  /** Loss of a batch, a scalar. */
  loss: (params: TensorRecord, batch: TensorRecord) => tf.Scalar;
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
  /** File prefix for a time profile of the updates. */
  profile?: string;
}

/** What changes from call to call. */
export interface StepOptions {
  learningRate: number;
  /** Decay of the moving average, for steps that keep one. */
  emaDecay?: number;
  /** Ends the step between two operators when it fires. */
  signal?: AbortSignal | undefined;
}

/** Numbers of one call. */
export interface StepResult {
  loss: number;
  /** Global norm of the gradients before clipping; NaN where nothing is clipped or updated. */
  gradientNorm: number;
  /** False while gradients are only being accumulated. */
  updated: boolean;
}

/** A compiled training step with its state. */
export interface TrainStep {
  /** Takes one batch; on failure or cancellation the state stays as it was. */
  run(
    batch: Record<string, Value>,
    options: StepOptions,
  ): Promise<StepResult>;
  /** Updates made so far. */
  readonly step: number;
  /** Current parameters or their moving average: valid until the next call of `run`. */
  weights(which?: "params" | "ema"): Record<string, Value>;
  /** A copy of the whole state; batches accumulated since the last update are not part of it. */
  save(): Promise<TrainState>;
  /** Puts a saved state in place of the current one. */
  load(state: TrainState): void;
  /** Ends the time profile and returns its file. */
  endProfiling(): string;
  /** Gives its memory back. */
  dispose(): Promise<void>;
}

/** Everything a training step needs to go on: number of updates and tensors `params/…`, `ema/…`, `m/…`. */
export interface TrainState {
  step: number;
  tensors: HostRecord;
}

/** Compiles loss → gradients → clipping → optimizer → moving average into one program. */
export async function compileTrainStep(
  device: Device,
  options: TrainStepOptions,
): Promise<TrainStep> {
  const { accumulate = 1 } = options;
  const shapes = stateShapes(options);
  const update = await device.prepare(updateFunction(options), {
    ...shapes,
    ...options.batch,
    ...scalarInputs(options),
  }, options.profile ? { profile: options.profile } : {});
  const gather = accumulate > 1
    ? await device.prepare(accumulateFunction(options), {
      ...pick(shapes, ["params", "gradients"]),
      ...options.batch,
    })
    : undefined;
  return createTrainStep(options, update, gather);
}

function createTrainStep(
  options: TrainStepOptions,
  update: Executable,
  gather: Executable | undefined,
): TrainStep {
  const { accumulate = 1, optimizer } = options;
  let state: Record<string, Value> = initialState(options);
  // Memory of the state before last: results are written there, never onto what is being read.
  let spare: Record<string, DeviceTensor> = {};
  let step = 0, micro = 0, running = false;
  const noGradients = accumulate > 1 ? zeroState(options, GRADIENTS) : {};

  /** Starts accumulating anew; the memory of the old sums is kept for the next ones. */
  function clearGradients() {
    for (const name of Object.keys(noGradients)) {
      const old = state[name]!;
      if (!("read" in old)) continue;
      if (spare[name]) old.dispose();
      else spare[name] = old;
    }
    Object.assign(state, noGradients);
    micro = 0;
  }

  async function advance(
    program: Executable,
    inputs: Record<string, Value>,
    signal: AbortSignal | undefined,
  ) {
    const keep = Object.keys(program.outputs).filter((name) => name.startsWith(NEXT));
    const recycle = Object.fromEntries(
      keep.filter((name) => spare[name]).map((name) => [name, spare[name]!]),
    );
    const results = await program.run(inputs, { keep, recycle, signal });
    for (const name of keep) {
      const current = name.slice(NEXT.length);
      const old = state[current]!;
      if ("read" in old) spare[name] = old;
      else delete spare[name];
      state[current] = results[name]!;
    }
    return results;
  }

  async function takeStep(
    batch: Record<string, Value>,
    { learningRate, emaDecay = 0, signal }: StepOptions,
  ): Promise<StepResult> {
    const number = async (value: Value | undefined) => value ? (await toHost(value)).data[0]! : NaN;
    if (gather && micro < accumulate - 1) {
      const inputs = { ...pick(state, ["params", "gradients"]), ...batch };
      const results = await advance(gather, inputs, signal);
      micro++;
      return { loss: await number(results.loss), gradientNorm: NaN, updated: false };
    }
    const scalars = { ...optimizer.scalars(step + 1, learningRate), emaDecay };
    const wanted = Object.keys(scalarInputs(options));
    const numbers = Object.fromEntries(
      wanted.map((
        name,
      ) => [name, float32([], [scalars[name.slice(SCALAR.length) as "emaDecay"]])]),
    );
    const results = await advance(update, { ...state, ...batch, ...numbers }, signal);
    step++;
    clearGradients();
    return {
      loss: await number(results.loss),
      gradientNorm: await number(results.gradientNorm),
      updated: true,
    };
  }

  async function copyState(): Promise<TrainState> {
    const tensors: HostRecord = {};
    for (const [name, value] of Object.entries(state)) {
      if (name in noGradients) continue;
      tensors[name] = await copyOf(value);
      // Large states take a while: let timers and keys through in between.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return { step, tensors };
  }

  /** Steps and copies read the same state: one at a time. */
  async function alone<T>(work: () => Promise<T>): Promise<T> {
    if (running) throw new Error("A training step is still running: await it before the next one");
    running = true;
    try {
      return await work();
    } finally {
      running = false;
    }
  }

  return {
    get step() {
      return step;
    },
    run: (batch, options) => alone(() => takeStep(batch, options)),
    weights(which = "params") {
      const prefix = `${which}/`;
      const entries = Object.entries(state).filter(([name]) => name.startsWith(prefix));
      if (entries.length === 0) throw new Error("This training step keeps no moving average (ema)");
      return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
    },
    save: () => alone(copyState),
    load(saved) {
      const expected = Object.keys(state).filter((name) => !(name in noGradients));
      for (const name of expected) {
        const came = saved.tensors[name];
        const shape = specOf(state[name]!).shape;
        if (!came) throw new Error(`The saved state has no tensor ${name}: it is of another model`);
        if (came.shape.join() !== shape.join()) {
          throw new RangeError(
            `The saved tensor ${name} is [${came.shape.join(", ")}], this model has [${
              shape.join(", ")
            }]: it is of another model`,
          );
        }
      }
      clearGradients();
      for (const name of expected) {
        const old = state[name]!;
        if ("read" in old) old.dispose();
        const tensor = saved.tensors[name]!;
        state[name] = { ...tensor, data: tensor.data.slice() };
      }
      step = saved.step;
    },
    endProfiling() {
      if (!update.endProfiling) throw new Error("This device keeps no time profile");
      return update.endProfiling();
    },
    async dispose() {
      await Promise.all([update.dispose(), gather?.dispose()]);
      for (const value of [...Object.values(state), ...Object.values(spare)]) {
        if ("read" in value) value.dispose();
      }
      state = {};
      spare = {};
    },
  };
}

/** The part of the state that holds sums of gradients. */
const GRADIENTS = "gradients";
/** Marks results that become the state of the next step. */
const NEXT = "next:";
/** Marks inputs that are single numbers. */
const SCALAR = "scalar:";

/** (state, batch, scalars) → (loss, next state). */
function updateFunction(options: TrainStepOptions) {
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
      const decays = options.params[name]!.shape.length > 1;
      const tensors: TensorRecord = { parameter: inputs[`params/${name}`]!, gradient: summed[i]! };
      for (const slot of optimizer.slots) tensors[slot] = inputs[`${slot}/${name}`]!;
      if (ema) tensors.ema = inputs[`ema/${name}`]!;
      const next = inBlocks(tensors, (blocks) => {
        const gradient = factor === 1 ? blocks.gradient! : tf.mul(blocks.gradient!, factor);
        const updated = optimizer.update(blocks.parameter!, gradient, blocks, scalars, decays);
        const result: TensorRecord = { params: updated.parameter, ...updated.slots };
        if (emaWeight) {
          const change = tf.sub(updated.parameter, blocks.ema!);
          result.ema = tf.add(blocks.ema!, tf.mul(change, emaWeight));
        }
        return result;
      });
      for (const [part, tensor] of Object.entries(next)) outputs[`${NEXT}${part}/${name}`] = tensor;
    });
    return outputs;
  };
}

/** (params, gradients so far, batch) → (loss, gradients so far + this batch's). */
function accumulateFunction(options: TrainStepOptions) {
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
  const evaluate = tf.valueAndGrads((...values: tf.Tensor[]) => {
    const params = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
    return options.loss(params, batch);
  });
  const { value, grads } = evaluate(names.map((name) => inputs[`params/${name}`]!));
  return { loss: value, gradients: grads };
}

function stateParts(options: TrainStepOptions): string[] {
  return [
    "params",
    ...options.optimizer.slots,
    ...(options.ema ? ["ema"] : []),
    ...((options.accumulate ?? 1) > 1 ? ["gradients"] : []),
  ];
}

function stateShapes(options: TrainStepOptions): SpecRecord {
  const shapes: SpecRecord = {};
  for (const part of stateParts(options)) {
    for (const [name, { shape }] of Object.entries(options.params)) {
      shapes[`${part}/${name}`] = { shape, dtype: "float32" };
    }
  }
  return shapes;
}

function scalarInputs(options: TrainStepOptions): SpecRecord {
  const names = Object.keys(options.optimizer.scalars(1, 0));
  if (options.ema) names.push("emaDecay");
  return Object.fromEntries(
    names.map((name) => [`${SCALAR}${name}`, { shape: [], dtype: "float32" }]),
  );
}

function initialState(options: TrainStepOptions): HostRecord {
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

function zeroState(options: TrainStepOptions, part: string): HostRecord {
  return Object.fromEntries(
    Object.entries(options.params).map(([name, { shape }]) => [
      `${part}/${name}`,
      float32(shape, new Float32Array(sizeOf(shape))),
    ]),
  );
}

async function copyOf(value: Value): Promise<HostTensor> {
  return "read" in value ? await value.read() : { ...value, data: value.data.slice() };
}

function specOf(value: Value) {
  return "read" in value ? value.spec : value;
}

/** The entries whose names start with one of the prefixes, as in `params/…`. */
function pick<T>(record: Record<string, T>, prefixes: string[]): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).filter(([name]) => prefixes.includes(name.split("/")[0]!)),
  );
}

function pickNames<T>(record: Record<string, T>, names: string[]): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, record[name]!]));
}
