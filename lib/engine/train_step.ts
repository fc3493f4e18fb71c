import type { HostRecord, HostTensor } from "../tensors.ts";
import { float32 } from "../tensors.ts";
import type { Device, DeviceTensor, Executable, Value } from "./device.ts";
import { toHost } from "./device.ts";
import type { TrainStepOptions } from "./train_functions.ts";
import {
  accumulateFunction,
  GRADIENTS,
  initialState,
  lossParts,
  NEXT,
  SCALAR,
  scalarInputs,
  stateShapes,
  updateFunction,
  zeroState,
} from "./train_functions.ts";

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
  /** Puts a saved state in place of the current one; throws while a step is running. */
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
      ...pick(shapes, lossParts(options)),
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
      const inputs = { ...pick(state, lossParts(options)), ...batch };
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

  function checkIdle() {
    if (running) throw new Error("A training step is still running: await it before the next one");
  }

  /** Steps and copies read the same state: one at a time. */
  async function alone<T>(work: () => Promise<T>): Promise<T> {
    checkIdle();
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
      checkIdle();
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
