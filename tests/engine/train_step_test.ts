import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import type { Device, TrainStep, TrainStepOptions } from "@course/engine/mod.ts";
import { compileTrainStep, openDevice, toHost } from "@course/engine/mod.ts";
import { bindingDevice } from "@course/engine/ort/binding_device.ts";
import { stopGradient } from "@course/engine/ops/mod.ts";
import { toTensors } from "@course/nn/mod.ts";
import { adamw } from "@course/training/optimizers.ts";
import type { HostRecord, TensorRecord } from "@course/tensors.ts";
import { float32 } from "@course/tensors.ts";
import {
  assert,
  assertAllClose,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import { assertThrows } from "@std/assert";
import { random } from "./suite.ts";

const device = await openDevice("cpu");

/** Mean squared error of a linear map: its gradient is easy to write down by hand. */
function linearLoss({ weight, bias }: TensorRecord, { x, y }: TensorRecord): tf.Scalar {
  return tf.mean(tf.square(tf.sub(tf.add(tf.matMul(x!, weight!), bias!), y!))) as tf.Scalar;
}

const SIZES = { rows: 8, inputs: 3, outputs: 2 };

function problem(rows = SIZES.rows): TrainStepOptions {
  const { inputs, outputs } = SIZES;
  return {
    loss: linearLoss,
    params: { weight: random([inputs, outputs]), bias: random([outputs], 2) },
    batch: {
      x: { shape: [rows, inputs], dtype: "float32" },
      y: { shape: [rows, outputs], dtype: "float32" },
    },
    optimizer: adamw({ betas: [0.9, 0.99], weightDecay: 0.1 }),
  };
}

function batchOf(seed: number, rows = SIZES.rows): HostRecord {
  return { x: random([rows, SIZES.inputs], seed), y: random([rows, SIZES.outputs], seed + 50) };
}

/** Loss and gradients of {@linkcode linearLoss}, in double precision. */
function linearGradients(params: Record<string, number[]>, batch: HostRecord) {
  const { rows, inputs, outputs } = SIZES;
  const { weight, bias } = params as { weight: number[]; bias: number[] };
  const gradients = { weight: weight.map(() => 0), bias: bias.map(() => 0) };
  let loss = 0;
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < outputs; o++) {
      let error = bias[o]! - batch.y!.data[r * outputs + o]!;
      for (let i = 0; i < inputs; i++) {
        error += batch.x!.data[r * inputs + i]! * weight[i * outputs + o]!;
      }
      loss += error ** 2 / (rows * outputs);
      const slope = 2 * error / (rows * outputs);
      gradients.bias[o]! += slope;
      for (let i = 0; i < inputs; i++) {
        gradients.weight[i * outputs + o]! += slope * batch.x!.data[r * inputs + i]!;
      }
    }
  }
  return { loss, gradients: gradients as Record<string, number[]> };
}

Deno.test("`compileTrainStep()` matches AdamW with clipping and a moving average written by hand", async () => {
  const options = problem();
  const [clipNorm, learningRate, emaDecay] = [0.5, 0.05, 0.8];
  const [beta1, beta2, epsilon, weightDecay] = [0.9, 0.99, 1e-8, 0.1];
  const step = await compileTrainStep(device, { ...options, clipNorm, ema: true });

  const params: Record<string, number[]> = {};
  const [m, v, ema]: Record<string, number[]>[] = [{}, {}, {}];
  for (const [name, { data }] of Object.entries(options.params)) {
    params[name] = [...data];
    ema![name] = [...data];
    m![name] = params[name].map(() => 0);
    v![name] = params[name].map(() => 0);
  }
  for (let t = 1; t <= 5; t++) {
    const batch = batchOf(t);
    const { loss, gradients } = linearGradients(params, batch);
    const norm = Math.hypot(...Object.values(gradients).flat());
    const factor = Math.min(1, clipNorm / (norm + 1e-6));
    for (const [name, values] of Object.entries(params)) {
      for (let i = 0; i < values.length; i++) {
        const gradient = gradients[name]![i]! * factor;
        m![name]![i] = beta1 * m![name]![i]! + (1 - beta1) * gradient;
        v![name]![i] = beta2 * v![name]![i]! + (1 - beta2) * gradient ** 2;
        const momentum = m![name]![i]! / (1 - beta1 ** t);
        const scale = Math.sqrt(v![name]![i]! / (1 - beta2 ** t)) + epsilon;
        const decay = name === "weight" ? 1 - learningRate * weightDecay : 1;
        values[i] = values[i]! * decay - learningRate * momentum / scale;
        ema![name]![i] = emaDecay * ema![name]![i]! + (1 - emaDecay) * values[i]!;
      }
    }
    const result = await step.run(batch, { learningRate, emaDecay });
    assertAlmostEquals(result.loss, loss, 1e-5 * loss);
    assertAlmostEquals(result.gradientNorm, norm, 1e-5 * norm);
    assert(result.updated);
    const { tensors } = await step.save();
    for (const name of Object.keys(params)) {
      assertAllClose(tensors[`params/${name}`]!.data, params[name]!, 1e-5, `${name} at ${t}`);
      assertAllClose(tensors[`ema/${name}`]!.data, ema![name]!, 1e-5, `average of ${name}`);
      // The slots hold m / (1 − β₁) and v / (1 − β₂).
      const [slotM, slotV] = ["m", "v"].map((slot) => tensors[`${slot}/${name}`]!.data);
      assertAllClose(slotM!, m![name]!.map((x) => x / (1 - beta1)), 1e-5, `m of ${name}`);
      assertAllClose(slotV!, v![name]!.map((x) => x / (1 - beta2)), 1e-5, `v of ${name}`);
    }
  }
  assertEquals(step.step, 5);
  await step.dispose();
});

Deno.test("gradients accumulated over four batches are those of one batch four times as large", async () => {
  const small = await compileTrainStep(device, {
    ...problem(2),
    accumulate: 4,
    clipNorm: 0.5,
    ema: true,
  });
  const large = await compileTrainStep(device, { ...problem(8), clipNorm: 0.5, ema: true });
  for (let t = 1; t <= 3; t++) {
    const batch = batchOf(t);
    const options = { learningRate: 0.05, emaDecay: 0.9 };
    const whole = await large.run(batch, options);
    for (let part = 0; part < 4; part++) {
      const piece = Object.fromEntries(
        Object.entries(batch).map(([name, { shape: [, width], data }]) => {
          const rows = data.slice(part * 2 * width!, (part + 1) * 2 * width!) as Float32Array<
            ArrayBuffer
          >;
          return [name, float32([2, width!], rows)];
        }),
      );
      const result = await small.run(piece, options);
      assertEquals(result.updated, part === 3);
      if (part === 3) assertAlmostEquals(result.gradientNorm, whole.gradientNorm, 1e-5);
    }
    assertEquals([small.step, large.step], [t, t]);
    const [came, expected] = [await small.save(), await large.save()];
    assertEquals(Object.keys(came.tensors), Object.keys(expected.tensors));
    for (const [name, { data }] of Object.entries(expected.tensors)) {
      assertAllClose(came.tensors[name]!.data, data, 1e-5, name);
    }
  }
  await small.dispose();
  await large.dispose();
});

/** One large matrix, which the cpu updates block by block. */
function large(): TrainStepOptions {
  return {
    loss: ({ weight }, { x }) => tf.mean(tf.square(tf.sub(weight!, x!))) as tf.Scalar,
    params: { weight: random([700, 640]) },
    batch: { x: { shape: [700, 640], dtype: "float32" } },
    optimizer: adamw(),
    clipNorm: 1e-4,
    ema: true,
  };
}

Deno.test("updating block by block gives the numbers of updating at once", async () => {
  // The fallback device knows no blocks.
  const [blocks, plain] = await Promise.all(
    [device, bindingDevice(2)].map((device: Device) => compileTrainStep(device, large())),
  );
  for (let t = 0; t < 3; t++) {
    const batch = { x: random([700, 640], t) };
    const results = await Promise.all(
      [blocks!, plain!].map((step) => step.run(batch, { learningRate: 0.01, emaDecay: 0.5 })),
    );
    assertAlmostEquals(results[0]!.loss, results[1]!.loss, 1e-5);
    assertAlmostEquals(results[0]!.gradientNorm, results[1]!.gradientNorm, 1e-6);
  }
  const [came, expected] = [await blocks!.save(), await plain!.save()];
  for (const [name, { data }] of Object.entries(expected.tensors)) {
    assertAllClose(came.tensors[name]!.data, data, 1e-5, name);
  }
  await blocks!.dispose();
  await plain!.dispose();
});

async function runSteps(step: TrainStep, from: number, to: number, rows?: number) {
  for (let t = from; t < to; t++) {
    await step.run(batchOf(t, rows), { learningRate: 0.05, emaDecay: 0.9 });
  }
}

for (const accumulate of [1, 2]) {
  Deno.test(`a saved step goes on bit for bit, with ${accumulate} batches per update`, async () => {
    const options = { ...problem(), accumulate, clipNorm: 1, ema: true };
    const straight = await compileTrainStep(device, options);
    await runSteps(straight, 0, 8);

    const first = await compileTrainStep(device, options);
    await runSteps(first, 0, 4);
    const saved = await first.save();
    assertEquals(saved.step, 4 / accumulate);
    // What was saved is a copy: going on does not change it.
    await runSteps(first, 20, 23);
    await first.dispose();

    const second = await compileTrainStep(device, options);
    await runSteps(second, 30, 33);
    second.load(saved);
    assertEquals(second.step, 4 / accumulate);
    await runSteps(second, 4, 8);
    assertEquals(await second.save(), await straight.save());
    await second.dispose();
    await straight.dispose();
  });
}

Deno.test("`load()` refuses the state of another model and keeps its own", async () => {
  const step = await compileTrainStep(device, problem());
  const before = await step.save();
  const { "v/weight": _, ...others } = before.tensors;
  assertThrows(() => step.load({ step: 1, tensors: others }), "no tensor v/weight");
  assertThrows(
    () => step.load({ step: 1, tensors: { ...before.tensors, "m/bias": float32([5]) } }),
    "m/bias is [5], this model has [2]",
  );
  assertEquals(await step.save(), before);
  await step.dispose();
});

Deno.test("`load()` refuses while a step is running, and the step ends well", async () => {
  const step = await compileTrainStep(device, problem());
  const before = await step.save();
  const running = step.run(batchOf(1), { learningRate: 0.05 });
  assertThrows(() => step.load(before), "A training step is still running");
  await running;
  assertEquals(step.step, 1);
  step.load(before);
  assertEquals(await step.save(), before);
  await step.dispose();
});

Deno.test("a cancelled step leaves the state as it was, and training goes on from there", async () => {
  const size = 512;
  const options: TrainStepOptions = {
    loss({ weight }, { x }) {
      let y = x!;
      for (let i = 0; i < 24; i++) y = tf.tanh(tf.matMul(y, weight!));
      return tf.mean(tf.square(y)) as tf.Scalar;
    },
    params: {
      weight: float32(
        [size, size],
        random([size, size]).data.map((x) => x / 20) as Float32Array<ArrayBuffer>,
      ),
    },
    batch: { x: { shape: [size, size], dtype: "float32" } },
    optimizer: adamw(),
    clipNorm: 1,
    ema: true,
  };
  const [cancelled, straight] = [
    await compileTrainStep(device, options),
    await compileTrainStep(device, options),
  ];
  const rates = { learningRate: 0.01, emaDecay: 0.9 };
  const batch = { x: random([size, size], 3) };
  for (const step of [cancelled, straight]) {
    await step.run(batch, rates);
    await step.run(batch, rates);
  }
  const before = await cancelled.save();
  for (const delay of [0, 5, 20]) {
    const controller = new AbortController();
    const reason = new Error("stopped by hand");
    setTimeout(() => controller.abort(reason), delay);
    const error = await assertRejects(() =>
      cancelled.run(batch, { ...rates, signal: controller.signal })
    );
    assertEquals(error, reason);
    assertEquals(await cancelled.save(), before);
  }
  for (const step of [cancelled, straight]) await step.run(batch, rates);
  assertEquals(await cancelled.save(), await straight.save());
  await cancelled.dispose();
  await straight.dispose();
});

Deno.test("`weights()` hands out the current parameters or their average", async () => {
  const step = await compileTrainStep(device, { ...problem(), ema: true });
  const initial = await toHost(step.weights().weight!);
  assertEquals(initial.data, problem().params.weight!.data);
  await runSteps(step, 0, 2);
  const { tensors } = await step.save();
  for (const which of ["params", "ema"] as const) {
    const weights = step.weights(which);
    assertEquals(Object.keys(weights), ["weight", "bias"]);
    assertEquals((await toHost(weights.bias!)).data, tensors[`${which}/bias`]!.data);
  }
  await step.dispose();

  const plain = await compileTrainStep(device, problem());
  assertThrows(() => plain.weights("ema"), "keeps no moving average");
  await plain.dispose();
});

Deno.test("the initial parameters that were handed over are never written to", async () => {
  const options = problem();
  const step = await compileTrainStep(device, options);
  await runSteps(step, 0, 4);
  assertEquals(options.params, problem().params);
  await step.dispose();
});

/** The student's distance from the data, and from what the average of its parameters says. */
function taughtLoss(params: TensorRecord, batch: TensorRecord, average: TensorRecord): tf.Scalar {
  const answer = ({ weight, bias }: TensorRecord) => tf.add(tf.matMul(batch.x!, weight!), bias!);
  const teacher = stopGradient(() => answer(average));
  const agreement = tf.mean(tf.square(tf.sub(answer(params), teacher)));
  return tf.add(linearLoss(params, batch), agreement) as tf.Scalar;
}

Deno.test("a loss with a teacher sees the moving average as it stood before the update", async () => {
  const options = { ...problem(), optimizer: adamw(), loss: taughtLoss, ema: true, teacher: true };
  const rates = { learningRate: 0.05, emaDecay: 0.9 };
  for (const accumulate of [1, 2]) {
    const step = await compileTrainStep(device, { ...options, accumulate });
    for (let i = 0; i < 4 * accumulate; i++) {
      const { tensors } = await step.save();
      const batch = batchOf(i);
      const eager = (part: string) => ({
        weight: tf.tensor(tensors[`${part}/weight`]!.data, [SIZES.inputs, SIZES.outputs]),
        bias: tf.tensor(tensors[`${part}/bias`]!.data, [SIZES.outputs]),
      });
      await tf.setBackend("cpu");
      const expected = taughtLoss(eager("params"), toTensors(batch), eager("ema")).dataSync()[0]!;
      const { loss } = await step.run(batch, rates);
      assertAlmostEquals(loss, expected, 1e-5);
    }
    await step.dispose();
  }
});

Deno.test("no gradient goes into a teacher, even where it has the same parameters", async () => {
  await tf.setBackend("cpu");
  const { weight, bias } = toTensors(problem().params), batch = toTensors(batchOf(1));
  const gradientOf = (loss: (w: tf.Tensor) => tf.Scalar) => tf.grad(loss)(weight!).dataSync();
  const taught = gradientOf((w) => {
    const params = { weight: w, bias: bias! };
    return taughtLoss(params, batch, params);
  });
  // Where student and teacher agree, the agreement has no slope: only the data pulls.
  const alone = gradientOf((w) => linearLoss({ weight: w, bias: bias! }, batch));
  assertAllClose(taught, alone, 1e-6);
  const constant = tf.grad((w) => tf.sum(tf.mul(w, stopGradient(() => tf.mul(w, 3)))))(weight!);
  const expected = weight!.dataSync().map((value) => 3 * value);
  assertAllClose(constant.dataSync(), expected, 1e-6);
});

Deno.test("a teacher without a moving average is refused", async () => {
  await assertRejects(
    () => compileTrainStep(device, { ...problem(), loss: taughtLoss, teacher: true }),
    "A teacher needs a moving average (ema)",
  );
});
