import "@tensorflow/tfjs-backend-cpu";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { buildModel, type DiTConfig } from "../../lib/models/mod.ts";
import {
  offsetMatrix,
  offsetsOf,
  relativeBias,
  relativeBiasSpecs,
} from "../../lib/models/relative_bias.ts";
import { initialise, toTensors } from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";
import { randomParams } from "./random_params.ts";

await tf.setBackend("cpu");

const grid = { rows: 2, columns: 3 }, tokens = 6, heads = 5;

/** Bias of a table of random numbers, `[heads][query][key]`. */
function randomBias() {
  const specs = relativeBiasSpecs("attention", grid, heads);
  const params = randomParams(specs, 1);
  const which = tf.tensor2d(offsetMatrix(grid), [tokens * tokens, offsetsOf(grid)]);
  const bias = relativeBias(params, "attention", which, tokens);
  assertEquals(bias.shape, [1, heads, tokens, tokens]);
  return (bias.arraySync() as number[][][][])[0]!;
}

Deno.test("`relativeBias()` is the same for all pairs of tokens with the same offset, and for no others", () => {
  const bias = randomBias(), place = (token: number) => [Math.floor(token / 3), token % 3] as const;
  for (const head of bias) {
    const byOffset = new Map<string, number>();
    for (let query = 0; query < tokens; query++) {
      for (let key = 0; key < tokens; key++) {
        const [y, x] = place(query), [toY, toX] = place(key), offset = `${toY - y},${toX - x}`;
        const before = byOffset.get(offset) ?? head[query]![key]!;
        assertEquals(head[query]![key], before);
        byOffset.set(offset, before);
      }
    }
    assertEquals(byOffset.size, offsetsOf(grid));
    assertEquals(new Set(byOffset.values()).size, offsetsOf(grid));
  }
});

Deno.test("the first four heads begin with a look at their neighbour, the others without preference", () => {
  const wide = { rows: 3, columns: 3 };
  const specs = relativeBiasSpecs("attention", wide, heads);
  const params = toTensors(initialise(specs, createRandom(1)));
  const which = tf.tensor2d(offsetMatrix(wide), [81, offsetsOf(wide)]);
  const [bias] = relativeBias(params, "attention", which, 9).arraySync() as number[][][][];
  const middle = 4, neighbours = [1, 7, 3, 5];
  neighbours.forEach((neighbour, head) => {
    const scores = bias![head]![middle]!;
    assertEquals(scores.indexOf(Math.max(...scores)), neighbour);
    assertAlmostEquals(scores[neighbour]!, 0);
    assertAlmostEquals(scores[middle]!, -1);
  });
  assert(bias![4]!.flat().every((score) => score === 0));
});

Deno.test("a transformer whose offsets all count nothing is one without them", () => {
  const config: DiTConfig = {
    kind: "dit",
    imageShape: [4, 6, 1],
    width: 16,
    depth: 2,
    heads: 4,
    patch: 2,
  };
  const plain = buildModel(config), biased = buildModel({ ...config, relativeBias: true });
  const params = randomParams(
    biased.params,
    (name) => name.endsWith("relative_bias") ? 0 : 0.2,
  );
  const inputs = {
    x: tf.randomNormal([2, 4, 6, 1], 0, 1, "float32", 1),
    t: tf.tensor1d([0.3, 0.8]),
  };
  const without = Object.fromEntries(
    Object.keys(plain.params).map((name) => [name, params[name]!]),
  );
  const difference = tf.sub(plain.apply(without, inputs), biased.apply(params, inputs));
  assert(tf.max(tf.abs(difference)).dataSync()[0]! < 1e-5);
  const pushed = { ...params };
  for (const name of Object.keys(pushed).filter((name) => name.endsWith("relative_bias"))) {
    pushed[name] = tf.randomNormal(params[name]!.shape, 0, 2, "float32", 2);
  }
  const moved = tf.sub(plain.apply(without, inputs), biased.apply(pushed, inputs));
  assert(tf.max(tf.abs(moved)).dataSync()[0]! > 1e-3, "and one that counts them is another");
});
