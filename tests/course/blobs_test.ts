import * as tf from "@tensorflow/tfjs-core";
import { blobVelocity, drawBlobs, THREE_BLOBS } from "@course/course/blobs.ts";
import { exactVelocity, listPoints } from "@course/course/points.ts";
import "@course/course/eager.ts";
import { solve } from "@course/flow/mod.ts";
import { createRandom, normals } from "@course/random.ts";
import { assert, assertAllClose } from "@std/assert";

const field = blobVelocity(THREE_BLOBS);
const places = tf.tensor2d([[0, 0], [0.5, -0.3], [-0.4, 0.3], [0.2, 0.5]]);

function labelsOf(label: number, count: number): tf.Tensor {
  return tf.fill([count], label, "int32");
}

Deno.test("the field of blobs is what many of their points have as exact field, with and without a label", () => {
  const random = createRandom(1), each = 3000;
  const classes = [0, 1, 2].map((label) =>
    drawBlobs(THREE_BLOBS, new Array(each).fill(label), random)
  );
  const all = tf.concat(classes.map(({ data }) => tf.tensor2d(data as Float32Array, [each, 2])));
  for (const level of [0.9, 0.7, 0.5]) {
    const t = tf.fill([4], level);
    classes.forEach((points, label) => {
      const exact = exactVelocity(points, places, t);
      assertAllClose(field(places, t, labelsOf(label, 4)).dataSync(), exact.dataSync(), 0.1);
    });
    const any = field(places, t, labelsOf(3, 4));
    assertAllClose(any.dataSync(), exactVelocity(all, places, t).dataSync(), 0.1);
  }
});

Deno.test("followed from noise, the field of a class ends in that class's blob", async () => {
  const count = 400, start = normals(createRandom(2), 2 * count);
  for (const label of [0, 1, 2]) {
    const end = await solve(
      (x, t) =>
        field(tf.tensor2d(x, [count, 2]), tf.fill([count], t), labelsOf(label, count)).dataSync(),
      start,
      { grid: 40, sampler: "heun", eulerLast: true },
    );
    const points = listPoints({ shape: [count, 2], dtype: "float32", data: end });
    for (const axis of [0, 1] as const) {
      const mean = points.reduce((sum, point) => sum + point[axis], 0) / count;
      const variance = points.reduce((sum, point) => sum + (point[axis] - mean) ** 2, 0) / count;
      assertAllClose([mean], [THREE_BLOBS.centres[label]![axis]], 0.1, `mean of class ${label}`);
      assert(Math.abs(Math.sqrt(variance) - THREE_BLOBS.width) < 0.06, `width ${variance}`);
    }
  }
});
