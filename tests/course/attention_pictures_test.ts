import "../../lib/course/eager.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { attention } from "../../lib/engine/ops/mod.ts";
import {
  attentionPicture,
  spreadPatches,
  weightByOffset,
} from "../../lib/course/exercises/02_diffusion_transformer/pictures.ts";
import { attentionWeights } from "../../lib/course/exercises/02_diffusion_transformer/probe.ts";
import { createRandom, normals } from "../../lib/random.ts";

await tf.setBackend("cpu");

Deno.test("`attentionWeights()` reads the weights of every head, with more keys than features", () => {
  const heads = 2, d = 3, queries = 4, keys = 8;
  const random = createRandom(1);
  const q = normals(random, queries * heads * d), k = normals(random, keys * heads * d);
  const weights = attentionWeights(
    attention,
    tf.tensor3d(q, [1, queries, heads * d]),
    tf.tensor3d(k, [1, keys, heads * d]),
    heads,
  );
  assertEquals([weights.length, weights[0]!.length, weights[0]![0]!.length], [2, 4, 8]);
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < queries; i++) {
      const powers = Array.from({ length: keys }, (_, j) => {
        let product = 0;
        for (let c = head * d; c < (head + 1) * d; c++) {
          product += q[i * heads * d + c]! * k[j * heads * d + c]!;
        }
        return Math.exp(product / Math.sqrt(d));
      });
      const sum = powers.reduce((a, b) => a + b);
      powers.forEach((power, j) => assertAlmostEquals(weights[head]![i]![j]!, power / sum, 1e-5));
    }
  }
});

Deno.test("`weightByOffset()` finds a head that looks one cell to the right, edges left out", () => {
  const columns = 3, cells = 9;
  const attention = Array.from({ length: cells }, (_, query) => {
    const row = new Array<number>(cells).fill(0);
    row[query % columns < columns - 1 ? query + 1 : query] = 1;
    return row;
  });
  assertEquals(weightByOffset(attention, { columns, reach: 1 }), [
    [0, 0, 0],
    [0, 3 / 9, 1],
    [0, 0, 0],
  ]);
});

Deno.test("`spreadPatches()` puts blue lines between and around the patches", () => {
  const { width, height, data } = spreadPatches([[-1], [1]], { columns: 2, patch: 1 });
  assertEquals([height, width], [3, 5]);
  const middle = Array.from({ length: 5 }, (_, x) => data[3 * (5 + x)]);
  assertEquals(middle, [86, 0, 86, 255, 86]);
});

Deno.test("`attentionPicture()` frames the query and paints what it listens to", () => {
  const image = new Array<number>(36).fill(-1);
  const { width, data } = attentionPicture([{ image, weights: [0, 0, 0, 1], query: 0 }], {
    columns: 2,
    scale: 1,
  });
  assertEquals(width, 6);
  const at = (y: number, x: number) => [...data.slice(3 * (6 * y + x), 3 * (6 * y + x) + 3)];
  assertEquals(at(0, 0), [86, 180, 233]);
  assertEquals(at(1, 1), [0, 0, 0]);
  assertEquals(at(4, 4), [196, 102, 0]);
});
