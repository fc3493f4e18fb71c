import "@tensorflow/tfjs-backend-cpu";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { concatText, conditionOf, guidedVelocity } from "../../lib/flow/mod.ts";
import { crossAttention, crossAttentionSpecs } from "../../lib/models/cross_attention.ts";
import { buildModel, type DiTConfig, type TextInputs } from "../../lib/models/mod.ts";
import { tokenContext, tokenContextSpecs } from "../../lib/models/text_conditioning.ts";
import { addPrefix, normal } from "../../lib/nn/mod.ts";
import { randomParams } from "./random_params.ts";

await tf.setBackend("cpu");

const config: DiTConfig = {
  kind: "dit",
  imageShape: [4, 4, 2],
  text: { length: 3, width: 5 },
  patch: 2,
  width: 8,
  depth: 1,
  heads: 2,
};
const model = buildModel(config);
const params = randomParams(model.params, 0.3);
const x = tf.randomNormal([2, 4, 4, 2], 0, 1, "float32", 1), t = tf.tensor1d([0.3, 0.8]);

function text(seed: number, { keep = [1, 1], mask = [[1, 1, 1], [1, 0, 0]] } = {}): TextInputs {
  return {
    pooled: tf.randomNormal([2, 512], 0, 0.04, "float32", seed),
    tokens: tf.randomNormal([2, 3, 5], 0, 1, "float32", seed + 1),
    mask: tf.tensor2d(mask),
    keep: tf.tensor1d(keep),
  };
}

function difference(a: tf.Tensor, b: tf.Tensor): number {
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
}

Deno.test("another prompt gives another prediction", () => {
  const first = model.apply(params, { x, t, text: text(1) });
  assertEquals(first.shape, [2, 4, 4, 2]);
  assert(difference(first, model.apply(params, { x, t, text: text(7) })) > 1e-3);
});

Deno.test("where a prompt is dropped, nothing of it reaches the prediction", () => {
  const dropped = (seed: number, mask?: number[][]) =>
    model.apply(params, { x, t, text: text(seed, { keep: [0, 0], ...(mask && { mask }) }) });
  assert(difference(dropped(1), dropped(7)) < 1e-6);
  assert(difference(dropped(1), dropped(1, [[0, 0, 1], [1, 1, 1]])) < 1e-6, "not even its length");
});

Deno.test("what stands in padding has no influence", () => {
  const prompt = text(1), noise = tf.randomNormal([2, 3, 5], 0, 9, "float32", 5);
  const seen = tf.expandDims(prompt.mask!, 2);
  const tokens = tf.add(tf.mul(prompt.tokens!, seen), tf.mul(noise, tf.sub(1, seen)));
  const before = model.apply(params, { x, t, text: prompt });
  assert(difference(before, model.apply(params, { x, t, text: { ...prompt, tokens } })) < 1e-6);
});

Deno.test("`crossAttention()` is the softmax-weighted mean of the values of a prompt's words", () => {
  const specs = {
    ...tokenContextSpecs(5, 4),
    ...crossAttentionSpecs("cross", 4, { init: normal(1) }),
  };
  const params = randomParams(specs, 0.3), prompt = text(3);
  const image = tf.randomNormal([2, 6, 4], 0, 1, "float32", 4);
  const context = tokenContext(params, prompt);
  const got = crossAttention(params, "cross", image, context, 1).arraySync() as number[][][];

  const linear = (name: string, row: number[]) => {
    const weight = params[`${name}.weight`]!.arraySync() as number[][];
    const bias = params[`${name}.bias`]!.arraySync() as number[];
    return bias.map((b, j) => b + row.reduce((sum, value, i) => sum + value * weight[i]![j]!, 0));
  };
  const words = context.tokens.arraySync() as number[][][],
    pixels = image.arraySync() as number[][][];
  const counts = [3, 1];
  for (const [b, rows] of pixels.entries()) {
    for (const [n, row] of rows.entries()) {
      const mean = row.reduce((sum, value) => sum + value, 0) / 4;
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4;
      const q = linear("cross.q", row.map((value) => (value - mean) / Math.sqrt(variance + 1e-6)));
      const kv = words[b]!.slice(0, counts[b]).map((word) => linear("cross.kv", word));
      const scores = kv.map((pair) =>
        Math.exp(q.reduce((sum, value, i) => sum + value * pair[i]!, 0) / 2)
      );
      const total = scores.reduce((sum, value) => sum + value, 0);
      const mixed = [4, 5, 6, 7].map((i) =>
        kv.reduce((sum, pair, word) => sum + scores[word]! / total * pair[i]!, 0)
      );
      linear("cross.out", mixed).forEach((value, i) =>
        assertAlmostEquals(got[b]![n]![i]!, value, 1e-4)
      );
    }
  }
});

Deno.test("guidance leads away from the negative prompt, or from the null text", () => {
  const asked = text(1), negative = text(5), scale = tf.scalar(2.5);
  const predict = (text: TextInputs) => model.apply(params, { x, t, text });
  const guided = guidedVelocity(model);
  const by = (other: tf.Tensor) => {
    return tf.add(other, tf.mul(scale, tf.sub(predict(asked), other)));
  };
  const away = guided(params, { x, t, text: asked, negative, scale });
  assert(difference(away, by(predict(negative))) < 1e-4);
  const nothing = predict({ ...asked, keep: tf.zeros([2]) });
  assert(difference(guided(params, { x, t, text: asked, scale }), by(nothing)) < 1e-4);
});

Deno.test("without cross-attention the words play no part, the pooled vector does", () => {
  const pooled = buildModel({ ...config, crossAttention: false }),
    wild = randomParams(pooled.params, 0.3);
  assertEquals(Object.keys(pooled.params).filter((name) => /cross|token/.test(name)), []);
  const one = text(1), other = text(7);
  const at = (text: TextInputs) => pooled.apply(wild, { x, t, text });
  assert(difference(at(one), at({ ...one, tokens: other.tokens! })) === 0);
  assert(difference(at(one), at({ ...one, pooled: other.pooled })) > 1e-3);
});

Deno.test("a model takes pooled vectors alone where texts have no tokens", () => {
  const shape = { ...config, text: { length: 0, width: 0 } };
  assertThrows(() => buildModel(shape), "set model.crossAttention=false");
  const pooled = buildModel({ ...shape, crossAttention: false });
  const { tokens: _, mask: __, ...text512 } = text(1);
  assertEquals(
    pooled.apply(randomParams(pooled.params, 0.3), { x, t, text: text512 }).shape,
    [2, 4, 4, 2],
  );
});

Deno.test("texts of another shape, a missing text and an unwanted one are refused", () => {
  const wide = { ...text(1), tokens: tf.zeros([2, 3, 6]) };
  assertThrows(
    () => model.apply(params, { x, t, text: wide }),
    "Shape of text tokens is [2, 3, 6]",
  );
  assertThrows(() => model.apply(params, { x, t }), "This model takes text");
  const plain = buildModel({
    kind: "dit",
    imageShape: [4, 4, 2],
    patch: 2,
    width: 8,
    depth: 1,
    heads: 2,
  });
  assertThrows(() => plain.apply({}, { x, t, text: text(1) }), "This model takes no text");
  assertThrows(
    () => buildModel({ kind: "unet", imageShape: [8, 8, 1], text: { length: 1, width: 1 } }),
    "it takes no text",
  );
});

Deno.test("`conditionOf()` finds the text among named tensors, and `concatText()` joins two", () => {
  const named = { x, ...addPrefix({ ...text(1) }, "text") };
  const { text: found } = conditionOf(model, named);
  assertEquals(found!.pooled, named["text.pooled" as keyof typeof named]);
  assertEquals(conditionOf({ classes: 0 }, named), {});
  assertEquals(concatText(text(1), text(2)).tokens!.shape, [4, 3, 5]);
});
