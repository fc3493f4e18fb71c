import "@tensorflow/tfjs-backend-cpu";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { buildModel, DIT_PRESETS, type DiTConfig, type Model } from "../../lib/models/mod.ts";
import { countParameters, initialise, normal, toTensors } from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";

await tf.setBackend("cpu");

const config: DiTConfig = {
  kind: "dit",
  imageShape: [8, 8, 1],
  classes: 3,
  width: 16,
  depth: 2,
  heads: 2,
};

/** Output of a model with fresh or fully random parameters. */
function predict(
  model: Model,
  inputs: { x: tf.Tensor; t: tf.Tensor; label?: tf.Tensor },
  { randomised = false } = {},
): tf.Tensor {
  const specs = randomised
    ? Object.fromEntries(
      Object.entries(model.params).map(([name, spec]) => [name, { ...spec, init: normal(0.2) }]),
    )
    : model.params;
  return model.apply(toTensors(initialise(specs, createRandom(1))), inputs);
}

const x = tf.randomNormal([2, 8, 8, 1], 0, 1, "float32", 1);
const t = tf.tensor1d([0.2, 0.9]);
const label = tf.tensor1d([0, 3], "int32");

Deno.test("dit presets have the number of parameters that their table says", () => {
  const expected = {
    nano: 0.24,
    tiny: 1.26,
    small: 4.16,
    base: 7.38,
    reference: 16.04,
  };
  assertEquals(Object.keys(DIT_PRESETS), Object.keys(expected));
  for (const [preset, millions] of Object.entries(expected)) {
    const model = buildModel({
      kind: "dit",
      preset: preset as keyof typeof DIT_PRESETS,
      imageShape: [28, 28, 1],
      classes: 10,
    });
    assertAlmostEquals(countParameters(model.params) / 1e6, millions, 0.005);
  }
});

Deno.test("the reference size without gates, output modulation and classes has 12.35 M parameters", () => {
  const model = buildModel({
    kind: "dit",
    preset: "reference",
    imageShape: [28, 28, 1],
    gates: false,
  });
  const { "output.modulation.weight": _w, "output.modulation.bias": _b, ...rest } = model.params;
  assertEquals(countParameters(rest), 12_351_248);
});

Deno.test("parameters carry PyTorch-style names", () => {
  const names = Object.keys(buildModel({ ...config, depth: 1 }).params);
  assertEquals(names.filter((name) => name.endsWith("weight")), [
    "patch_embedding.weight",
    "time_embedding.0.weight",
    "time_embedding.2.weight",
    "class_embedding.weight",
    "blocks.0.modulation.weight",
    "blocks.0.attention.qkv.weight",
    "blocks.0.attention.out.weight",
    "blocks.0.mlp.0.weight",
    "blocks.0.mlp.2.weight",
    "output.modulation.weight",
    "output.linear.weight",
  ]);
});

Deno.test("a fresh dit predicts zero, because its output layer starts at zero", () => {
  const output = predict(buildModel(config), { x, t, label });
  assertEquals(output.shape, x.shape);
  assert(output.dataSync().every((value) => value === 0));
});

Deno.test("a fresh dit without zero initialisation predicts something", () => {
  const output = predict(buildModel({ ...config, zeroInit: false }), { x, t, label });
  assert(output.dataSync().some((value) => Math.abs(value) > 0.1));
});

Deno.test("with gates at zero the blocks of a dit change nothing", () => {
  const model = buildModel(config);
  const params = toTensors(initialise(model.params, createRandom(1)));
  params["output.linear.weight"] = tf.randomNormal([16, 16], 0, 1, "float32", 2);
  const before = model.apply(params, { x, t, label }).dataSync();
  for (const name of Object.keys(params)) {
    if (/blocks.*(attention|mlp)/.test(name)) params[name] = tf.mul(params[name]!, 3);
  }
  assertEquals(model.apply(params, { x, t, label }).dataSync(), before);
});

Deno.test("a dit without gates has two vectors less per block and still runs", () => {
  const model = buildModel({ ...config, gates: false });
  assertEquals(model.params["blocks.0.modulation.weight"]!.shape, [16, 4 * 16]);
  assertEquals(predict(model, { x, t, label }, { randomised: true }).shape, x.shape);
});

Deno.test("a dit's prediction depends on image, noise level, class and time scale", () => {
  const model = buildModel(config);
  const base = predict(model, { x, t, label }, { randomised: true }).dataSync();
  const differs = (output: tf.Tensor) =>
    output.dataSync().some((value, i) => Math.abs(value - base[i]!) > 1e-3);
  const given = { randomised: true };
  assert(differs(predict(model, { x: tf.neg(x), t, label }, given)), "image");
  assert(differs(predict(model, { x, t: tf.mul(t, 0.5), label }, given)), "noise level");
  const other = tf.tensor1d([2, 1], "int32");
  assert(differs(predict(model, { x, t, label: other }, given)), "class");
  const raw = buildModel({ ...config, timeScale: 1 });
  assert(differs(predict(raw, { x, t, label }, given)), "time scale");
});

Deno.test("images of a batch do not see each other", () => {
  const model = buildModel(config);
  const both = predict(model, { x, t, label }, { randomised: true }).dataSync();
  const second = predict(model, {
    x: tf.slice(x, [1, 0, 0, 0], [1, 8, 8, 1]),
    t: tf.slice(t, [1], [1]),
    label: tf.slice(label, [1], [1]),
  }, { randomised: true }).dataSync();
  second.forEach((value, i) => assertAlmostEquals(value, both[64 + i]!, 1e-5));
});

Deno.test("a dit refuses inputs that do not fit, in a sentence", () => {
  const model = buildModel(config);
  const run = (inputs: { x: tf.Tensor; t: tf.Tensor; label?: tf.Tensor }) => () =>
    predict(model, inputs);
  assertThrows(
    run({ x: tf.zeros([2, 8, 9, 1]), t, label }),
    "Shape of x is [2, 8, 9, 1], expected [any, 8, 8, 1]",
  );
  assertThrows(run({ x, t: tf.zeros([3]), label }), "Shape of t is [3], expected [2]");
  assertThrows(run({ x, t }), "This model has 3 classes: give a label for every image");
  assertThrows(
    run({ x, t, label: tf.tensor1d([1], "int32") }),
    "Shape of label is [1], expected [2]",
  );
  const unconditional = buildModel({ ...config, classes: 0 });
  assertThrows(() => predict(unconditional, { x, t, label }), "This model has no classes");
});
