import "@tensorflow/tfjs";
import {
  assert,
  assertAllClose,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { flowLoss, selfFlow, type SelfFlowOptions } from "../../../lib/flow/mod.ts";
import { buildModel, patchify } from "../../../lib/models/mod.ts";
import { initialise, normal, type ParamSpecs, toTensors } from "../../../lib/nn/mod.ts";
import { createRandom } from "../../../lib/random.ts";
import type { TensorRecord } from "../../../lib/tensors.ts";

await tf.setBackend("cpu");

const model = buildModel({
  kind: "dit",
  imageShape: [4, 4, 2],
  classes: 2,
  width: 8,
  depth: 3,
  heads: 2,
  patch: 2,
});
const BATCH = 2, TOKENS = 4;
const params = toTensors(initialise(loud(model.params), createRandom(1)));
const images = {
  x0: tf.randomNormal([BATCH, 4, 4, 2], 0, 1, "float32", 2),
  x1: tf.randomNormal([BATCH, 4, 4, 2], 0, 1, "float32", 3),
  label: tf.tensor1d([0, 2], "int32"),
};

/** All parameters random, so that nothing is hidden behind zeros. */
function loud(specs: ParamSpecs): ParamSpecs {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, { ...spec, init: normal(0.3) }]),
  );
}

/** An objective with its head and a batch of levels. */
function prepare(options: SelfFlowOptions, base = [0.3, 0.8]) {
  const objective = selfFlow(model, options), random = createRandom(4);
  const drawn = objective.draw({
    base: Float32Array.from(base),
    draw: (count) => new Float32Array(count).map(() => random.uniform()),
    random,
  });
  const batch: TensorRecord = { ...images, ...toTensors(drawn) };
  const auxiliary = toTensors(initialise(loud(objective.params), createRandom(5)));
  return { objective, batch, auxiliary };
}

const number = (tensor: tf.Tensor) => tensor.dataSync()[0]!;

Deno.test("a batch has the tensors that the objective announces", () => {
  for (
    const options of [{ kind: "lite" }, { kind: "lite", levels: 2 }, { kind: "full" }] as const
  ) {
    const { objective, batch } = prepare(options);
    const specs = objective.batch(BATCH);
    const shapes = Object.keys(specs).map((name) => [name, batch[name]!.shape]);
    assertEquals(shapes, Object.entries(specs).map(([name, { shape }]) => [name, [...shape]]));
  }
});

Deno.test("with weight 0, one level and nothing hidden, Self-Flow-lite is flow matching, exactly", () => {
  const { objective, batch, auxiliary } = prepare({
    kind: "lite",
    levels: 1,
    maskShare: 0,
    weight: 0,
  });
  const { levels: _, which: __, ...without } = batch;
  const loss = objective.loss({ params, auxiliary, batch: without, average: {} });
  const plain = flowLoss(model)(params, { ...images, t: tf.tensor1d([0.3, 0.8]) });
  assertEquals(number(loss), number(plain));
});

Deno.test("the head of Self-Flow-lite is judged by the clean patches, of all or of hidden tokens", () => {
  const losses = (["all", "masked"] as const).map((reconstruct) => {
    const { objective, batch, auxiliary } = prepare({ kind: "lite", reconstruct, layer: 2 });
    const { x0, x1, t, label, masked } = batch;
    const level = tf.reshape(t!, [BATCH, TOKENS, 1]);
    const mixed = tf.add(
      tf.mul(tf.sub(1, level), patchify(x0!, 2)),
      tf.mul(level, patchify(x1!, 2)),
    );
    // The same by hand: tokens after block 2, a linear map, the distance from x0.
    const x = fromPatches(mixed);
    const tokens = model.tokens!.after(params, { x, t: t!, label: label! }, 2);
    const rows = tf.matMul(tf.reshape(tokens, [BATCH * TOKENS, 8]), auxiliary["head.weight"]!);
    const guess = tf.reshape(tf.add(rows, auxiliary["head.bias"]!), [BATCH, TOKENS, 8]);
    const errors = tf.mean(tf.square(tf.sub(guess, patchify(x0!, 2))), 2).dataSync();
    const marks = masked!.dataSync();
    const counted = [...errors].filter((_, i) => reconstruct === "all" || marks[i] === 1);
    assert(counted.length > 0 && counted.length < errors.length || reconstruct === "all");
    const clean = counted.reduce((sum, error) => sum + error, 0) / counted.length;
    const plain = number(flowLoss(model)(params, batch));
    const loss = number(objective.loss({ params, auxiliary, batch, average: {} }));
    assertAlmostEquals(loss, plain + 0.1 * clean, 1e-4);
    return loss;
  });
  assert(Math.abs(losses[0]! - losses[1]!) > 1e-4);
});

Deno.test("where no token is hidden, all count for a head that is judged by hidden ones", () => {
  const [masked, all] = (["masked", "all"] as const).map((reconstruct) => {
    const { objective, batch, auxiliary } = prepare({ kind: "lite", reconstruct, maskShare: 0 });
    return number(objective.loss({ params, auxiliary, batch, average: {} }));
  });
  assertAlmostEquals(masked!, all!, 1e-5);
});

Deno.test("Self-Flow compares the student's layer with the teacher's deeper one at the lower level", () => {
  const { objective, batch, auxiliary } = prepare({
    kind: "full",
    studentLayer: 1,
    teacherLayer: 2,
    weight: 0.5,
  });
  const average = toTensors(initialise(loud(model.params), createRandom(9)));
  const loss = number(objective.loss({ params, auxiliary, batch, average }));

  const { x0, x1, t, label, teacher_t } = batch;
  const mix = (level: tf.Tensor) => {
    const spread = tf.reshape(level, [BATCH, -1, 1]);
    return fromPatches(tf.add(
      tf.mul(tf.sub(1, spread), patchify(x0!, 2)),
      tf.mul(spread, patchify(x1!, 2)),
    ));
  };
  const tokens = model.tokens!.after(params, { x: mix(t!), t: t!, label: label! }, 1);
  const taught = model.tokens!.after(
    average,
    { x: mix(teacher_t!), t: teacher_t!, label: label! },
    2,
  );
  const layer = (name: string, x: tf.Tensor) => {
    const rows = tf.reshape(x, [BATCH * TOKENS, 8]);
    return tf.add(
      tf.matMul(rows, auxiliary[`head.${name}.weight`]!),
      auxiliary[`head.${name}.bias`]!,
    );
  };
  const first = layer("0", tokens);
  const said = layer("2", tf.mul(first, tf.sigmoid(first))).arraySync() as number[][];
  const wanted = tf.reshape(taught, [BATCH * TOKENS, 8]).arraySync() as number[][];
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const cosines = said.map((a, i) => {
    const b = wanted[i]!;
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  });
  const disagreement = 1 - cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
  assertAlmostEquals(loss, number(flowLoss(model)(params, batch)) + 0.5 * disagreement, 1e-4);
});

Deno.test("the teacher gets no gradient: the slope of the loss is that with the teacher held still", () => {
  const { objective, batch, auxiliary } = prepare({ kind: "full" });
  const name = "blocks.0.mlp.0.weight", weight = params[name]!;
  const lossAt = (value: tf.Tensor, average: TensorRecord) =>
    objective.loss({ params: { ...params, [name]: value }, auxiliary, batch, average });
  // Student and teacher share the very parameter that is differentiated.
  const slope = tf.grad((value) => lossAt(value, { ...params, [name]: value }))(weight).dataSync();
  const step = 1e-2;
  for (const place of [0, 37, 101]) {
    const moved = (by: number) => {
      const values = weight.dataSync().slice();
      values[place]! += by;
      return number(lossAt(tf.tensor(values, weight.shape), params));
    };
    assertAllClose([slope[place]!], [(moved(step) - moved(-step)) / (2 * step)], 2e-3);
  }
});

Deno.test("Self-Flow needs a model of tokens", () => {
  const unet = buildModel({ kind: "unet", imageShape: [8, 8, 1], width: 8 });
  for (const kind of ["lite", "full"] as const) {
    assertThrows(() => selfFlow(unet, { kind }), "need a model of tokens");
  }
});

/** Patches of 2×2 pixels as images `[B, 4, 4, 2]`, by hand. */
function fromPatches(patches: tf.Tensor): tf.Tensor {
  const cut = tf.reshape(patches, [BATCH, 2, 2, 2, 2, 2]);
  return tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4, 5]), [BATCH, 4, 4, 2]);
}
