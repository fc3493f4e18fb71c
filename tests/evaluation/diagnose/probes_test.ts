import * as tf from "@tensorflow/tfjs-core";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { nounsIn, probeData, sharesOf } from "@course/evaluation/diagnose/data.ts";
import { probeDecoder } from "@course/evaluation/diagnose/decoder.ts";
import { probeField } from "@course/evaluation/diagnose/field.ts";
import { partOf, probeLearning } from "@course/evaluation/diagnose/learning.ts";
import { probeResult } from "@course/evaluation/diagnose/result.ts";
import { probeSampler } from "@course/evaluation/diagnose/sampler.ts";
import type { Subject } from "@course/evaluation/diagnose/subject.ts";
import { probeTexts } from "@course/evaluation/diagnose/texts.ts";
import { openVelocities, type Velocities } from "@course/evaluation/diagnose/velocities.ts";
import { probeWiring } from "@course/evaluation/diagnose/wiring.ts";
import { flowLoss, solve } from "@course/flow/mod.ts";
import type { LatentCodec } from "@course/latents/mod.ts";
import { buildModel, type Model } from "@course/models/mod.ts";
import { createRandom, normals } from "@course/random.ts";
import { encodeAll } from "@course/training/prompt_sampler.ts";
import { openTextEncoder } from "@course/text/mod.ts";
import { cpu } from "../../training/fixtures.ts";
import { knownModel, knownSubject } from "./known_subject.ts";

async function withVelocities<T>(
  subject: Subject,
  use: (velocities: Velocities) => Promise<T>,
): Promise<T> {
  const velocities = openVelocities(cpu, subject);
  try {
    return await use(velocities);
  } finally {
    await velocities.dispose();
  }
}

const fieldOf = (subject: Subject) =>
  withVelocities(subject, (velocities) => probeField(velocities, subject, subject.weights.params));

Deno.test("a model that says the exact velocity has correlation 1, slope 1 and no loss", async () => {
  const field = await fieldOf(knownSubject());
  assertAlmostEquals(field.correlation, 1, 1e-5);
  assertAlmostEquals(field.slope, 1, 1e-5);
  assertAlmostEquals(field.model, 0, 1e-5);
  assertAlmostEquals(field.exact, 0, 1e-5);
  assertAlmostEquals(field.excess, 0, 1e-5);
  assert(field.other! > 1, `loss ${field.other} when asked for another example`);
});

Deno.test("a flipped velocity has slope −1, half of it slope 0.5", async () => {
  const flipped = await fieldOf(knownSubject({ model: knownModel((v) => tf.neg(v)) }));
  const half = await fieldOf(knownSubject({ model: knownModel((v) => tf.mul(v, 0.5)) }));
  assertAlmostEquals(flipped.slope, -1, 1e-5);
  assertAlmostEquals(half.slope, 0.5, 1e-5);
  assertAlmostEquals(half.correlation, 1, 1e-5);
});

Deno.test("saying the mean of the examples has an excess of 1", async () => {
  const { x0 } = knownSubject().rows, mean = new Float32Array(64);
  x0.forEach((value, i) => mean[i % 64]! += value / 4);
  const model = knownModel((_, { x, t }) =>
    tf.div(tf.sub(x, tf.tensor(mean, [1, 8, 8, 1])), tf.reshape(t, [-1, 1, 1, 1]))
  );
  assertAlmostEquals((await fieldOf(knownSubject({ model }))).excess, 1, 1e-4);
});

Deno.test("the sampler ends on examples in their exact field, and nowhere near them the wrong way", async () => {
  const right = await probeSampler(knownSubject());
  assertEquals([right.on_example, right.from], [1, 1]);
  assertAlmostEquals(right.to, 1 / 24, 1e-9);
  const away = await probeSampler(
    knownSubject({
      solve: (field, x, options) =>
        solve(async (x, t) => Array.from(await field(x, t), (v) => -v), x, options),
    }),
  );
  assertEquals(away.on_example, 0);
});

Deno.test("a sampler that runs from data to noise shows in the levels at which it reads the field", async () => {
  const reversed = await probeSampler(
    knownSubject({ solve: (field, x, options) => solve((x, t) => field(x, 1 - t), x, options) }),
  );
  assertEquals(reversed.from, 0);
  assert(reversed.to > 0.9, `last read at ${reversed.to}`);
});

Deno.test("a model with the exact velocity draws every example that is asked for", async () => {
  const subject = knownSubject();
  const found = await withVelocities(
    subject,
    (velocities) => probeResult(velocities, subject, { samples: 4 }),
  );
  assertEquals(found.right, 1);
  assertEquals(found.drawn.nearest, found.drawn.asked);
  assert(found.distance < 0.1 * found.between, `${found.distance} away`);
  assertEquals(found.chance, 0.25);
});

const latent: LatentCodec = {
  name: "thirds",
  fingerprint: "thirds",
  latentShape: (shape) => shape,
  encode: (images) => Promise.resolve(images.map((value) => 3 * value)),
  decode: (latents) => Promise.resolve(latents.map((value) => value / 3)),
  dispose: () => Promise.resolve(),
};

Deno.test("the decoder probe finds the factor by which latents are too large", async () => {
  const shape = [4, 4, 3] as const, images = normals(createRandom(1), 8 * 48);
  const rows = (factor: number) => ({
    size: 8,
    complete: true,
    shape,
    x0: images.map((value) => factor * value),
  });
  const pictures = { images, shape };
  const right = (await probeDecoder({ rows: rows(3), pictures, codec: latent }))!;
  assertAlmostEquals(right.slope!, 1, 1e-5);
  assertEquals(right.rows_psnr, right.codec_psnr);
  const wrong = (await probeDecoder({ rows: rows(7.5), pictures, codec: latent }))!;
  assertAlmostEquals(wrong.slope!, 2.5, 1e-5);
  assertAlmostEquals(wrong.correlation!, 1, 1e-5);
  assertAlmostEquals(wrong.deviation, 2.5 * right.deviation, 1e-4);
  // The error of 1.5 × the picture: 10 log₁₀(4 / (1.5² · E[x²])).
  assertAlmostEquals(wrong.rows_psnr!, 10 * Math.log10(4 / 2.25), 0.7);
  assertEquals(await probeDecoder({ rows: rows(1), pictures }), null);
});

Deno.test("the text probe tells texts in another order, and texts that were lost", async () => {
  const encoder = await openTextEncoder("bag-of-words");
  const captions = ["a dog", "a red chair", "two apples", "a cat on a blue background"];
  const rows = async (said: string[], zero = false) => {
    const text = await encodeAll(encoder, said);
    if (zero) text.pooled.fill(0);
    return {
      size: 4,
      complete: true,
      shape: [1, 1, 1] as const,
      x0: new Float32Array(4),
      text,
      captions,
    };
  };
  const right = (await probeTexts({ rows: await rows(captions), encoder }))!;
  assertAlmostEquals(right.own!, 1, 1e-5);
  assertEquals(right.distinct, 1);
  const turned = [...captions.slice(1), captions[0]!];
  const shuffled = (await probeTexts({ rows: await rows(turned), encoder }))!;
  assert(shuffled.own! < 0.5, `cosine ${shuffled.own}`);
  const lost = (await probeTexts({ rows: await rows(captions, true), encoder }))!;
  assertEquals(lost.distinct, 0.25);
});

const network = buildModel({
  kind: "dit",
  imageShape: [8, 8, 1],
  classes: 4,
  width: 16,
  depth: 1,
  heads: 2,
  patch: 2,
});

async function wiringOf(model: Model) {
  const subject = knownSubject({ model });
  return await withVelocities(subject, (velocities) => probeWiring(velocities, subject));
}

Deno.test("a dit is wired rightly: place, time, wish and guidance come through", async () => {
  const wiring = await wiringOf(network);
  assert(wiring.same_place >= 0.9, `${wiring.same_place} of places`);
  assert(wiring.time > 0.01 && wiring.wish! > 0.01 && wiring.nothing! > 0.01);
  assertAlmostEquals(wiring.guidance!, 3, 1e-3);
});

Deno.test("swapped axes, a t that does not arrive and a lost label show in the wiring alone", async () => {
  const swapped = await wiringOf({
    ...network,
    apply: (params, inputs) => tf.transpose(network.apply(params, inputs), [0, 2, 1, 3]),
  });
  // What lies on the diagonal stays where it is.
  assert(swapped.same_place < 0.5, `${swapped.same_place} of places`);
  const timeless = await wiringOf({
    ...network,
    apply: (params, inputs) => network.apply(params, { ...inputs, t: tf.zerosLike(inputs.t) }),
  });
  assertEquals(timeless.time, 0);
  const deaf = await wiringOf({
    ...network,
    apply: (params, { label, ...inputs }) =>
      network.apply(params, { ...inputs, label: tf.zerosLike(label!) }),
  });
  assertEquals(deaf.wish, 0);
  assertEquals(deaf.nothing, 0);
});

Deno.test("the trained loss of a flipped target is not that of the velocity that is drawn with", async () => {
  const right = knownSubject({ weights: { params: untrainedPoints() } });
  const learn = (subject: Subject) =>
    withVelocities(subject, (velocities) => probeLearning(cpu, velocities, subject));
  assertAlmostEquals((await learn(right)).loss_ratio!, 1, 1e-5);
  const flipped = { ...right.task, loss: flowLoss(knownModel((v) => tf.neg(v))) };
  const found = await learn({ ...right, task: flipped });
  assert(Math.abs(found.loss_ratio! - 1) > 0.1, `${found.loss_ratio}`);
  assertEquals(found.gradients, { points: 1 });
});

function untrainedPoints() {
  const values = normals(createRandom(9), 5 * 64);
  return { "points.weight": { shape: [5, 64], dtype: "float32" as const, data: values } };
}

Deno.test("parameters belong to parts by their first names", () => {
  assertEquals(
    ["blocks.0.mlp.0.weight", "time_embedding.2.bias", "output.linear.weight", "null_text"].map(
      partOf,
    ),
    ["blocks.0", "time_embedding", "output", "null_text"],
  );
});

Deno.test("words that are off by one fit the neighbour", () => {
  // Five things in turn, each described by the words of the one before.
  const shares = sharesOf(10, (picture, words) => picture % 5 === (words + 4) % 5);
  assertEquals([shares.own, shares.previous, shares.next], [0, 0, 1]);
  assertAlmostEquals(shares.others, 1 / 7, 0.15);
});

Deno.test("captions are read for the things they name", () => {
  assertEquals(nounsIn("two red apples left of a cat").sort(), ["apple", "cat"]);
  assertEquals(nounsIn("something else"), []);
});

Deno.test("copies and blank examples are counted", async () => {
  const subject = knownSubject();
  const x0 = subject.rows.x0.slice();
  x0.copyWithin(64, 0, 64);
  x0.fill(0.5, 128, 192);
  const data = await probeData(cpu, { ...subject, rows: { ...subject.rows, x0 } });
  assertEquals([data.duplicates, data.blank, data.agreement], [0.25, 0.25, null]);
});
