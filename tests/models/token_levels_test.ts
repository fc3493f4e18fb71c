import "@tensorflow/tfjs-backend-cpu";
import { assert, assertAllClose, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { compile, openDevice } from "../../lib/engine/mod.ts";
import {
  buildModel,
  type DiTConfig,
  type ModelInputs,
  spreadTokens,
} from "../../lib/models/mod.ts";
import { initialise, normal, toTensors } from "../../lib/nn/mod.ts";
import { createRandom, normals } from "../../lib/random.ts";
import { float32, type HostRecord } from "../../lib/tensors.ts";

await tf.setBackend("cpu");

const config: DiTConfig = {
  kind: "dit",
  imageShape: [8, 8, 1],
  classes: 3,
  width: 16,
  depth: 2,
  heads: 2,
};
const model = buildModel(config), host = randomised(model.params), params = toTensors(host);
const x = tf.randomNormal([2, 8, 8, 1], 0, 1, "float32", 1);
const label = tf.tensor1d([0, 3], "int32");

/** Parameters that are all random, so that nothing is hidden behind zeros. */
function randomised(specs: typeof model.params): HostRecord {
  const loud = Object.entries(specs).map(([name, spec]) => [name, { ...spec, init: normal(0.3) }]);
  return initialise(Object.fromEntries(loud), createRandom(1));
}

/** The numbers of a prediction. */
function predict(inputs: Pick<ModelInputs, "t" | "palette">, shown = x): Float32Array {
  return model.apply(params, { x: shown, label, ...inputs }).dataSync() as Float32Array;
}

Deno.test("one noise level for every token of an image is that level for the image, exactly", () => {
  const perToken = tf.tensor2d([0.2, 0.2, 0.2, 0.2, 0.9, 0.9, 0.9, 0.9], [2, 4]);
  assertEquals(predict({ t: perToken }), predict({ t: tf.tensor1d([0.2, 0.9]) }));
});

Deno.test("so it is with text", () => {
  const text = { length: 3, width: 8 };
  const reader = buildModel({ ...config, classes: 0, text });
  const weights = toTensors(randomised(reader.params));
  const prompts = {
    pooled: tf.randomNormal([2, 512], 0, 1, "float32", 2),
    tokens: tf.randomNormal([2, 3, 8], 0, 1, "float32", 3),
    mask: tf.tensor2d([1, 1, 0, 1, 0, 0], [2, 3]),
    keep: tf.tensor1d([1, 0]),
  };
  const [perToken, perImage] = [tf.fill([2, 4], 0.4), tf.fill([2], 0.4)].map((t) =>
    reader.apply(weights, { x, t, text: prompts }).dataSync()
  );
  assertEquals(perToken, perImage);
});

Deno.test("the level of one token changes what is predicted for it, and for the others through attention", () => {
  const before = predict({ t: tf.fill([2, 4], 0.5) });
  const after = predict({ t: tf.tensor2d([0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], [2, 4]) });
  const change = before.map((value, i) => Math.abs(value - after[i]!));
  const inPatch = (i: number) => i % 8 < 4 && i < 32;
  const most = (taken: Float32Array) => Math.max(...taken);
  assert(most(change.filter((_, i) => inPatch(i))) > 0.1);
  assert(most(change.filter((_, i) => i < 64 && !inPatch(i))) > 1e-3);
  assertEquals(most(change.slice(64)), 0, "the second image saw no change");
});

Deno.test("a palette gives what the levels of the tokens give", () => {
  const levels = tf.tensor2d([0.1, 0.8, 0.5, 1], [2, 2]);
  const which = tf.tensor3d([1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1], [2, 4, 2]);
  const t = tf.tensor2d([0.1, 0.8, 0.8, 0.1, 0.5, 0.5, 0.5, 1], [2, 4]);
  assertAllClose(predict({ t, palette: { levels, which } }), predict({ t }), 1e-5);
});

Deno.test("a compiled model with levels per token agrees with the eager one", async () => {
  const device = await openDevice("cpu");
  const levels = Float32Array.from({ length: 8 }, (_, i) => i / 8);
  const inputs = {
    x: float32([2, 8, 8, 1], normals(createRandom(3), 128)),
    t: float32([2, 4], levels),
  };
  const program = await compile(
    device,
    ({ x, t, ...weights }) => ({
      output: model.apply(weights, { x: x!, t: t!, label: tf.tensor1d([0, 3], "int32") }),
    }),
    inputs,
    { constants: host },
  );
  const { output } = await program.run(inputs);
  await tf.setBackend("cpu");
  const eager = predict(
    { t: tf.tensor2d(levels, [2, 4]) },
    tf.tensor4d(inputs.x.data as Float32Array, [2, 8, 8, 1]),
  );
  assertAllClose(output!.data, eager, 1e-4);
  await program.dispose();
});

Deno.test("`withTokens()` gives the prediction and the tokens that `after()` gives", () => {
  const inputs = { x, label, t: tf.tensor1d([0.2, 0.9]) };
  const { output, tokens } = model.tokens!.withTokens(params, inputs, 1);
  assertEquals(output.dataSync(), model.apply(params, inputs).dataSync());
  assertEquals(tokens.shape, [2, 4, 16]);
  assertEquals(tokens.dataSync(), model.tokens!.after(params, inputs, 1).dataSync());
  const second = model.tokens!.after(params, inputs, 2);
  const moved = tf.max(tf.abs(tf.sub(second, tokens))).dataSync()[0]!;
  assert(moved > 0.1, "the second block changes the tokens");
});

Deno.test("tokens of a block that is not there are refused", () => {
  const inputs = { x, label, t: tf.tensor1d([0.2, 0.9]) };
  assertThrows(() => model.tokens!.after(params, inputs, 3), "There is no block 3: this dit has 2");
});

Deno.test("levels in another number than tokens, and levels for a model without tokens, are refused", () => {
  assertThrows(() => predict({ t: tf.fill([2, 5], 0.5) }), "Shape of t is [2, 5], expected [2, 4]");
  const unet = buildModel({ kind: "unet", imageShape: [8, 8, 1], width: 8 });
  const weights = toTensors(initialise(unet.params, createRandom(1)));
  assertThrows(
    () => unet.apply(weights, { x, t: tf.fill([2, 4], 0.5) }),
    "This model takes one noise level per image: t is [2, 4], expected [2]",
  );
});

Deno.test("`spreadTokens()` fills each patch with its number", () => {
  const image = spreadTokens(tf.tensor2d([1, 2, 3, 4, 5, 6], [1, 6]), 2, [4, 6, 3]);
  assertEquals(image.shape, [1, 4, 6, 1]);
  const row = (a: number, b: number, c: number) => [a, a, b, b, c, c];
  const expected = [...row(1, 2, 3), ...row(1, 2, 3), ...row(4, 5, 6), ...row(4, 5, 6)];
  assertEquals([...image.dataSync()], expected);
});
