import {
  compile,
  compileTrainStep,
  openDevice,
  parseProfile,
  type Profile,
  profile,
} from "../lib/engine/mod.ts";
import { flowLoss, guidedVelocity, solve } from "../lib/flow/mod.ts";
import { buildModel, type Model } from "../lib/models/mod.ts";
import { addPrefix, initialise, takePrefix } from "../lib/nn/mod.ts";
import { createRandom, normals } from "../lib/random.ts";
import type { HostRecord, TensorRecord } from "../lib/tensors.ts";
import { float32, int32, sizeOf } from "../lib/tensors.ts";
import { adamw } from "../lib/training/optimizers.ts";
import type { Runner } from "./benchmarks.ts";
import { ditConfig, type Shape } from "./shape.ts";

/** Whole training step of the transformer: forward, backward, AdamW. */
export function ditStep(shape: Shape, options: StepOptions = {}): Promise<StepRunner> {
  return trainingStep(buildModel(ditConfig(shape)), shape.batch, options);
}

/** Whole training step of the U-Net. */
export function unetStep({ batch }: Shape, options: StepOptions = {}): Promise<StepRunner> {
  return trainingStep(buildModel({ kind: "unet", imageShape: [28, 28, 1] }), batch, options);
}

/** Where a workload's time goes, by kind of operator. */
export const PROFILES: Record<string, (shape: Shape) => Promise<Profile>> = {
  "dit-step": (shape) => profileStep((profile) => ditStep(shape, { warmUp: 0, profile })),
  "unet-step": (shape) => profileStep((profile) => unetStep(shape, { warmUp: 0, profile })),
  "sampling": async (shape) => {
    const { fn, inputs, constants } = guidedField(shape);
    return await profile(await openDevice("cpu"), fn, inputs, { runs: PROFILED, constants });
  },
};

/** Runs that a profile is the mean of. */
const PROFILED = 5;

/** Samples a batch with guidance in `steps` Euler steps. */
export async function guidedSampling(shape: Shape, steps: number): Promise<Runner> {
  const { fn, inputs, constants } = guidedField(shape);
  const { x, label, scale } = inputs;
  const program = await compile(await openDevice("cpu"), fn, inputs, { constants });

  async function field(images: Float32Array<ArrayBuffer>, level: number) {
    const t = float32([shape.batch], new Float32Array(shape.batch).fill(level));
    const { v } = await program.run({ x: float32(x.shape, images), t, label, scale });
    return v!.data as Float32Array<ArrayBuffer>;
  }

  const random = createRandom(2);
  const run = async () => {
    const noise = normals(random, x.data.length);
    const start = performance.now();
    await solve(field, noise, { sampler: "euler", grid: steps });
    return (performance.now() - start) / 1000;
  };
  await run();
  return { run, stop: program.dispose };
}

/** The guided velocity of the transformer: the function, inputs of a first step, and its weights. */
function guidedField(shape: Shape) {
  const model = buildModel(ditConfig(shape));
  const random = createRandom(0);
  const { batch } = shape;
  const images = [batch, ...model.imageShape];
  const velocity = guidedVelocity(model);
  return {
    fn(inputs: TensorRecord): TensorRecord {
      const { x, t, label, scale } = inputs;
      const params = takePrefix(inputs, "params");
      return { v: velocity(params, { x: x!, t: t!, label: label!, scale: scale! }) };
    },
    inputs: {
      x: float32(images, normals(random, sizeOf(images))),
      t: float32([batch], new Float32Array(batch).fill(1)),
      label: int32([batch], Array.from({ length: batch }, (_, i) => i % model.classes)),
      scale: float32([], [3]),
    },
    constants: addPrefix(openGates(initialise(model.params, random)), "params"),
  };
}

/** Profiles a training step that is made for a file prefix. */
async function profileStep(make: (profile: string) => Promise<StepRunner>): Promise<Profile> {
  const folder = await Deno.makeTempDir({ prefix: "profile-" });
  try {
    const { run, endProfiling, stop } = await make(`${folder}/step`);
    for (let i = 0; i < PROFILED; i++) await run();
    const text = await Deno.readTextFile(endProfiling());
    await stop();
    return parseProfile(text, PROFILED);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Seconds from a function to a compiled training step: tracing, writing the graph, compiling it. */
export async function compileSeconds(shape: Shape): Promise<number> {
  const model = buildModel(ditConfig(shape));
  const params = initialise(model.params, createRandom(0));
  const device = await openDevice("cpu");
  const start = performance.now();
  const step = await compileTrainStep(device, stepOptions(model, params, shape.batch));
  const seconds = (performance.now() - start) / 1000;
  await step.dispose();
  return seconds;
}

interface StepOptions {
  /** Steps before any is measured. */
  warmUp?: number;
  /** File prefix for a time profile. */
  profile?: string;
}

interface StepRunner extends Runner {
  /** Ends the time profile and returns its file. */
  endProfiling(): string;
}

async function trainingStep(
  model: Model,
  batch: number,
  { warmUp = 2, profile }: StepOptions = {},
): Promise<StepRunner> {
  const random = createRandom(0);
  const params = openGates(initialise(model.params, random));
  const step = await compileTrainStep(await openDevice("cpu"), {
    ...stepOptions(model, params, batch),
    ...(profile !== undefined && { profile }),
  });
  const images = [batch, ...model.imageShape];

  const run = async () => {
    const inputs: HostRecord = {
      x0: float32(images, normals(random, sizeOf(images))),
      x1: float32(images, normals(random, sizeOf(images))),
      t: float32([batch], Array.from({ length: batch }, () => random.uniform())),
    };
    if (model.classes > 0) {
      inputs.label = int32([batch], Array.from({ length: batch }, () => random.integer(11)));
    }
    const start = performance.now();
    await step.run(inputs, { learningRate: 1e-4 });
    return (performance.now() - start) / 1000;
  };
  for (let i = 0; i < warmUp; i++) await run();
  return { run, endProfiling: () => step.endProfiling(), stop: () => step.dispose() };
}

function stepOptions(model: Model, params: HostRecord, batch: number) {
  const images = { shape: [batch, ...model.imageShape], dtype: "float32" } as const;
  return {
    loss: flowLoss(model),
    params,
    batch: {
      x0: images,
      x1: images,
      t: { shape: [batch], dtype: "float32" } as const,
      ...(model.classes > 0 && { label: { shape: [batch], dtype: "int32" } as const }),
    },
    optimizer: adamw(),
  };
}

/** Weights as after some training: what starts at zero could be skipped by a clever processor. */
function openGates(params: HostRecord): HostRecord {
  const random = createRandom(1);
  const isZero = ({ shape, data }: HostRecord[string]) =>
    shape.length > 1 && data.every((value) => value === 0);
  return Object.fromEntries(
    Object.entries(params).map(([name, tensor]) => {
      if (!isZero(tensor)) return [name, tensor];
      const data = normals(random, tensor.data.length).map((value) => 0.02 * value);
      return [name, { ...tensor, data }];
    }),
  );
}
