import {
  assert,
  assertAllClose,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "@course/models/mod.ts";
import { digits } from "@course/data/mod.ts";
import { binLosses, createLossMeasure } from "@course/training/heldout.ts";
import { createImageSampler, gridNoise, imageNoise } from "@course/training/image_sampler.ts";
import { constant, param } from "@course/nn/mod.ts";
import { createRandom, normals } from "@course/random.ts";
import { float32 } from "@course/tensors.ts";
import { cpu } from "./fixtures.ts";

/** A velocity that can be solved by hand: rate · x + label, and no label for the null class 3. */
const growth: Model = {
  name: "growth",
  params: { rate: param([1], constant(1)) },
  imageShape: [2, 1, 1],
  classes: 3,
  apply({ rate }, { x, label }) {
    const asked = tf.cast(tf.reshape(label!, [-1, 1, 1, 1]), "float32");
    const push = tf.where(tf.equal(asked, 3), tf.zerosLike(asked), asked);
    return tf.add(tf.mul(x, rate!), push);
  },
};
const weights = (rate: number) => ({ rate: float32([1], [rate]) });

Deno.test("samples of v = x + label land where the formula says, whatever the chunks", async () => {
  for (const count of [1, 3, 70]) {
    const sampler = createImageSampler(cpu, growth, { count });
    const noise = normals(createRandom(1), 2 * 70);
    const labels = Array.from({ length: 70 }, (_, i) => i % 3);
    const request = { noise, labels, sampler: "rk4", steps: 8 } as const;
    // From 1 to 0: x(0) = (x(1) + c) / e − c, with c what guidance makes of the label.
    for (const guidance of [1, 2, 0]) {
      const drawn = await sampler.draw(weights(1), { ...request, guidance });
      const expected = noise.map((x, i) => {
        const c = guidance * labels[i >> 1]!;
        return (x + c) / Math.E - c;
      });
      assertAllClose(drawn, expected, 1e-5, `guidance ${guidance}, chunks for ${count}`);
    }
    await sampler.dispose();
  }
});

Deno.test("a shift moves the noise levels at which a sampler looks", async () => {
  const sampler = createImageSampler(cpu, growth, { count: 1 });
  const request = { labels: [0], sampler: "euler", steps: 2, guidance: 1 } as const;
  const noise = new Float32Array([1, 2]);
  // Two Euler steps of v = x: the first ends at t = 3 · ½ / (1 + 2 · ½) = ¾, or at ½ without a shift.
  for (const [shift, factor] of [[3, 0.75 * 0.25], [1, 0.5 * 0.5]] as const) {
    const drawn = await sampler.draw(weights(1), { ...request, noise, shift });
    assertAllClose(drawn, noise.map((x) => x * factor), 1e-6, `shift ${shift}`);
  }
  await sampler.dispose();
});

Deno.test("guidance in an interval of noise levels leaves the rest of the way as it was learned", async () => {
  const sampler = createImageSampler(cpu, growth, { count: 1 });
  const request = { labels: [2], sampler: "euler", steps: 4, guidance: 3 } as const;
  const noise = new Float32Array([1, -1]);
  // Euler by hand: the field is read at t = 1, ¾, ½, ¼, and is x + c with c = 2, or 6 where it is guided.
  for (
    const [interval, pushes] of [
      [[0, 1], [6, 6, 6, 6]],
      [[0.5, 0.75], [2, 6, 6, 2]],
      [[0.9, 1], [6, 2, 2, 2]],
      [[0.3, 0.4], [2, 2, 2, 2]],
    ] as const
  ) {
    const expected = noise.map((x) => pushes.reduce((x: number, c) => x - (x + c) / 4, x));
    const drawn = await sampler.draw(weights(1), { ...request, noise, interval });
    assertAllClose(drawn, expected, 1e-6, `interval ${interval}`);
  }
  await assertRejects(
    () => sampler.draw(weights(1), { ...request, noise, interval: [0.8, 0.2] }),
    "Cannot guide between noise levels 0.8 and 0.2",
  );
  await sampler.dispose();
});

Deno.test("noise that is not a number of images is refused", async () => {
  const sampler = createImageSampler(cpu, growth, { count: 1 });
  const request = { labels: [0], sampler: "euler", steps: 1, guidance: 1 } as const;
  await assertRejects(
    () => sampler.draw(weights(1), { ...request, noise: new Float32Array(3) }),
    "an image takes 2",
  );
});

Deno.test("progress of drawing rises to 1, and drawing can be aborted", async () => {
  const sampler = createImageSampler(cpu, growth, { count: 100 });
  const noise = normals(createRandom(1), 200), labels = new Array<number>(100).fill(0);
  const request = { noise, labels, sampler: "euler", steps: 2, guidance: 1 } as const;
  const shares: number[] = [];
  await sampler.draw(weights(1), { ...request, onProgress: (share) => shares.push(share) });
  assertEquals(shares, [0.25, 0.5, 0.75, 1]);
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(() => sampler.draw(weights(1), { ...request, signal }), "enough");
  await sampler.dispose();
});

Deno.test("a grid has one class per row and the same noise down each column", () => {
  const { noise, labels } = gridNoise([3, 7], [5, 6, 7], 2);
  assertEquals(labels, [3, 3, 3, 7, 7, 7]);
  assertEquals(noise.slice(0, 6), noise.slice(6));
  assertEquals(noise.slice(2, 4), imageNoise(6, 2));
  assert(imageNoise(5, 2)[0] !== imageNoise(6, 2)[0]);
});

Deno.test("losses are sorted into bins by noise level", () => {
  const { loss, bins } = binLosses([1, 2, 3, 6], [0.1, 0.4, 0.6, 1], 2);
  assertEquals(loss, 3);
  assertEquals(bins, [{ from: 0, to: 0.5, loss: 1.5 }, { from: 0.5, to: 1, loss: 4.5 }]);
});

Deno.test("the held-out loss is that of the formula, and always the same", async () => {
  const zero: Model = {
    ...growth,
    imageShape: [28, 28, 1],
    classes: 0,
    apply: ({ rate }, { x }) => tf.mul(x, rate!),
  };
  const dataset = digits({ split: "heldout", size: 100 });
  const measure = await createLossMeasure(cpu, zero, { images: 90, bins: 3, seed: 1 });
  const aside = measure.over(dataset);
  const first = await aside.measure({ rate: float32([1], [0]) });
  // Velocity zero: the mean square of noise, 1, and of the images.
  const pixels = dataset.images.subarray(0, 90 * 784);
  const square = pixels.reduce((sum, pixel) => sum + (pixel / 127.5 - 1) ** 2, 0) / pixels.length;
  assertAlmostEquals(first.loss, 1 + square, 0.02);
  assertEquals(first.bins.map(({ to }) => to.toFixed(2)), ["0.33", "0.67", "1.00"]);
  assertEquals(await measure.over(dataset).measure({ rate: float32([1], [0]) }), first);
  assert((await aside.measure({ rate: float32([1], [0.5]) })).loss !== first.loss);
  await measure.dispose();
  await assertRejects(
    () => createLossMeasure(cpu, zero, { images: 10, bins: 11, seed: 1 }),
    "Cannot sort 10 held-out images into 11 bins",
  );
});
