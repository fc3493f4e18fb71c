import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { buildModel, type DiTConfig } from "../../lib/models/mod.ts";
import { textSketch, textSketchSpecs } from "../../lib/models/text_sketch.ts";
import { initialise, toTensors } from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";
import { randomParams } from "./random_params.ts";

await tf.setBackend("cpu");

const shape = { tokens: 6, depth: 3, width: 8 };

/** Pooled vectors of three prompts, of which the last is dropped. */
function prompts(seed: number) {
  return {
    pooled: tf.div(tf.randomNormal([3, 512], 0, 1, "float32", seed), Math.sqrt(512)),
    keep: tf.tensor1d([1, 1, 0]),
  };
}

function rows(tensor: tf.Tensor): number[][] {
  return tf.reshape(tensor, [tensor.shape[0]!, -1]).arraySync() as number[][];
}

Deno.test("a sketch has something else for each place and prompt, and the same for every dropped one", () => {
  const params = toTensors(initialise(textSketchSpecs(shape), createRandom(1)));
  const sketch = textSketch(params, prompts(1), shape);
  assertEquals(sketch.shape, [3, shape.tokens, shape.width]);
  const places = (sketch.arraySync() as number[][][])[0]!.map((place) => place.join());
  assertEquals(new Set(places).size, shape.tokens);
  const [first, second, dropped] = rows(sketch);
  assert(first!.join() !== second!.join());
  const [other, , droppedAgain] = rows(textSketch(params, prompts(2), shape));
  assert(first!.join() !== other!.join());
  assertEquals(droppedAgain, dropped);
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
  const plain = buildModel(config), sketching = buildModel({ ...config, sketch: 3 });
  const params = randomParams(
    sketching.params,
    (name) => name.startsWith("sketch.out") ? 0 : 0.2,
  );
  const inputs = {
    x: tf.randomNormal([3, 4, 6, 1], 0, 1, "float32", 1),
    t: tf.tensor1d([0.3, 0.8, 0.5]),
    text: prompts(1),
  };
  const without = Object.fromEntries(
    Object.keys(plain.params).map((name) => [name, params[name]!]),
  );
  const same = rows(sketching.apply(params, inputs));
  assertEquals(rows(plain.apply(without, inputs)), same);
  const drawn = { ...params, "sketch.out.weight": tf.ones(params["sketch.out.weight"]!.shape) };
  assert(rows(sketching.apply(drawn, inputs)).join() !== same.join());
});

Deno.test("a model without texts cannot sketch them", () => {
  const { text: _, ...mute } = config;
  assertThrows(
    () => buildModel({ ...mute, sketch: 3 }),
    "Cannot build dit: there are no texts to sketch; set model.sketch=0",
  );
});
