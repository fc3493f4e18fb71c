import "@tensorflow/tfjs-backend-cpu";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { withSketchLoss } from "../../lib/flow/mod.ts";
import { buildModel, type DiTConfig } from "../../lib/models/mod.ts";
import { textSketch, textSketchSpecs } from "../../lib/models/text_sketch.ts";
import { initialise, toTensors } from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";
import { randomParams } from "./random_params.ts";

await tf.setBackend("cpu");

const plain = { tokens: 6, depth: 3, width: 8, patch: 4, heads: 0 };
const wordy = { ...plain, heads: 2 };

/** Pooled vectors of three prompts, of which the last is dropped. */
function prompts(seed: number) {
  return {
    pooled: tf.div(tf.randomNormal([3, 512], 0, 1, "float32", seed), Math.sqrt(512)),
    keep: tf.tensor1d([1, 1, 0]),
  };
}

/** Four words for each of three prompts, of which the last is no word. */
function words(seed: number) {
  const bias = tf.tensor4d([0, 0, 0, -1e9, 0, 0, 0, -1e9, 0, 0, 0, -1e9], [3, 1, 1, 4]);
  return { tokens: tf.randomNormal([3, 4, 8], 0, 1, "float32", seed), bias };
}

function rows(tensor: tf.Tensor): number[][] {
  return tf.reshape(tensor, [tensor.shape[0]!, -1]).arraySync() as number[][];
}

Deno.test("a sketch has something else for each place and prompt, and the same for every dropped one", () => {
  const params = toTensors(initialise(textSketchSpecs(plain), createRandom(1)));
  const sketch = textSketch(params, prompts(1), undefined, plain);
  assertEquals(sketch.shape, [3, plain.tokens, plain.width]);
  const places = (sketch.arraySync() as number[][][])[0]!.map((place) => place.join());
  assertEquals(new Set(places).size, plain.tokens);
  const [first, second, dropped] = rows(sketch);
  assert(first!.join() !== second!.join());
  const [other, , droppedAgain] = rows(textSketch(params, prompts(2), undefined, plain));
  assert(first!.join() !== other!.join());
  assertEquals(droppedAgain, dropped);
});

Deno.test("a sketch with words says what they say, and nothing of what is no word", () => {
  const params = toTensors(initialise(textSketchSpecs(wordy), createRandom(1)));
  const context = words(1), said = rows(textSketch(params, prompts(1), context, wordy));
  const change = (word: number) => {
    const marked = tf.tensor3d(Array.from({ length: 4 }, (_, i) => i === word ? 1 : 0), [1, 4, 1]);
    const changed = { ...context, tokens: tf.add(context.tokens, marked) };
    return rows(textSketch(params, prompts(1), changed, wordy));
  };
  assert(change(1)[0]!.join() !== said[0]!.join());
  assertEquals(change(3), said);
});

Deno.test("places with the same plan get the same piece of the picture", () => {
  const params = toTensors(initialise(textSketchSpecs(wordy), createRandom(1)));
  const alike = {
    ...params,
    "sketch.plan.4.weight": tf.zeros(params["sketch.plan.4.weight"]!.shape),
    "sketch.plan.4.bias": tf.tensor1d([0, 1, 2, 0, 1, 2, 5, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]),
  };
  const places = (textSketch(alike, prompts(1), words(1), wordy).arraySync() as number[][][])[0]!
    .map((place) => place.join());
  assertEquals(new Set(places).size, 2);
  assert(places[2] !== places[0]);
});

const config: DiTConfig = {
  kind: "dit",
  imageShape: [4, 6, 1],
  width: 16,
  depth: 2,
  heads: 4,
  patch: 2,
  text: { length: 0, width: 0 },
  crossAttention: false,
};

Deno.test("a transformer with a sketch of zeros is one without", () => {
  const without = buildModel(config), sketching = buildModel({ ...config, sketch: 3 });
  const params = randomParams(
    sketching.params,
    (name) => name.startsWith("sketch.out") ? 0 : 0.2,
  );
  const inputs = {
    x: tf.randomNormal([3, 4, 6, 1], 0, 1, "float32", 1),
    t: tf.tensor1d([0.3, 0.8, 0.5]),
    text: prompts(1),
  };
  const known = Object.fromEntries(
    Object.keys(without.params).map((name) => [name, params[name]!]),
  );
  const same = rows(sketching.apply(params, inputs));
  assertEquals(rows(without.apply(known, inputs)), same);
  const drawn = { ...params, "sketch.out.weight": tf.ones(params["sketch.out.weight"]!.shape) };
  assert(rows(sketching.apply(drawn, inputs)).join() !== same.join());
});

Deno.test("a sketch that was drawn before takes the place of the model's own", () => {
  const model = buildModel({ ...config, sketch: 3 }), params = randomParams(model.params, 0.2);
  const text = prompts(1), drawn = model.sketch!.draw(params, text);
  const inputs = { x: tf.ones([3, 4, 6, 1]), t: tf.tensor1d([0.3, 0.8, 0.5]), text };
  const own = rows(model.apply(params, inputs));
  assertEquals(rows(model.apply(params, { ...inputs, sketch: drawn })), own);
  const other = rows(model.apply(params, { ...inputs, sketch: tf.mul(drawn, 2) }));
  assert(other.join() !== own.join());
});

Deno.test("the loss of a sketch is its distance from the pictures", () => {
  const model = buildModel({ ...config, sketch: 3 });
  const params = randomParams(model.params, 0.2);
  const known = {
    ...params,
    "sketch.picture.weight": tf.zeros(params["sketch.picture.weight"]!.shape),
    // The pixels of a patch of 2 × 2, row by row.
    "sketch.picture.bias": tf.tensor1d([1, 2, 3, 4]),
  };
  const text = prompts(1), { draw, picture } = model.sketch!;
  const drawn = picture(known, draw(known, text));
  assertEquals(rows(drawn)[0]!.slice(0, 12), [1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4]);
  const batch = { x0: tf.zeros([3, 4, 6, 1]), "text.pooled": text.pooled, "text.keep": text.keep };
  const five = () => tf.scalar(5);
  for (const weight of [0, 0.5, 1]) {
    const both = withSketchLoss(five, model, weight)(known, batch).arraySync();
    assertAlmostEquals(both, 5 + weight * 7.5, 1e-6);
  }
  assertEquals(withSketchLoss(five, buildModel(config), 0), five);
});

Deno.test("a model without texts cannot sketch them, and one without a sketch has none to learn", () => {
  const { text: _, ...mute } = config;
  assertThrows(
    () => buildModel({ ...mute, sketch: 3 }),
    "Cannot build dit: there are no texts to sketch; set model.sketch=0",
  );
  assertThrows(
    () => withSketchLoss(() => tf.scalar(5), buildModel(config), 0.1),
    "has no sketch that could learn: set objective.sketchWeight=0, or model.sketch above 0",
  );
});
