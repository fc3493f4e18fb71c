import { openArtist } from "@course/course/artist.ts";
import { openDevice } from "@course/engine/mod.ts";
import type { Model } from "@course/models/mod.ts";
import { initialise } from "@course/nn/mod.ts";
import { createRandom, normals } from "@course/random.ts";
import { openTextEncoder } from "@course/text/mod.ts";
import { extendConfig, loadConfig, modelFor } from "@course/training/mod.ts";
import { assertAllClose, assertEquals, assertRejects } from "@std/assert";

const device = await openDevice("cpu");
const encoder = await openTextEncoder("bag-of-words");
const { latents: _, ...pixels } = await loadConfig("latent");
const config = extendConfig(pixels, {
  model: { kind: "dit", width: 32, depth: 1, heads: 2, patch: 4 },
  text: { encoder: encoder.name },
  sampling: { sampler: "euler", guidance: 1 },
});
const facts = {
  name: "tiny",
  imageShape: [8, 8, 3] as const,
  classes: [],
  text: {
    length: encoder.length,
    width: encoder.tokenWidth,
    encoder: encoder.name,
    fingerprint: encoder.fingerprint,
  },
};
const model = modelFor(config, facts);
/** As before training, but without the zeros that would make every answer zero. */
const randomWeights = ({ params }: Model) =>
  Object.fromEntries(
    Object.entries(initialise(params, createRandom(1))).map(([name, tensor], i) => {
      const noise = normals(createRandom(i), tensor.data.length);
      return [name, { ...tensor, data: noise.map((value) => 0.1 * value) }];
    }),
  );
const weights = randomWeights(model);

Deno.test("an artist's single Euler step is the noise minus its own answer", async () => {
  const artist = await openArtist(device, { model, weights, config, facts });
  const prompts = ["a dog", "a red clock"], size = 8 * 8 * 3;
  const drawn = await artist.draw({ prompts, seeds: [4, 4], steps: 1 });
  assertEquals([drawn.count, drawn.height, drawn.width, drawn.channels], [2, 8, 8, 3]);
  const noise = artist.noise(4), answers = await artist.answer(noise, 1, prompts);
  const expected = answers.map((v, i) => noise[i % size]! - v);
  assertAllClose(drawn.data, expected, 1e-4);

  // The order of prompts is that of the answers, and they differ.
  const [dog, clock] = [answers.slice(0, size), answers.slice(size)];
  const turned = await artist.answer(noise, 1, prompts.toReversed());
  assertAllClose(turned.slice(0, size), clock, 1e-5);
  assertEquals(Math.max(...dog.map((v, i) => Math.abs(v - clock[i]!))) > 1e-3, true);
  await artist.dispose();
});

Deno.test("an artist leads away from what a negative prompt says", async () => {
  const artist = await openArtist(device, { model, weights, config, facts });
  const noise = artist.noise(2);
  const answers = await artist.answer(noise, 1, ["a dog", "a red dog"]);
  const [dog, red] = [answers.slice(0, noise.length), answers.slice(noise.length)];
  const drawn = await artist.draw({
    prompts: ["a dog"],
    seeds: [2],
    steps: 1,
    guidance: 3,
    negative: "a red dog",
  });
  const expected = noise.map((x1, i) => x1 - (red[i]! + 3 * (dog[i]! - red[i]!)));
  assertAllClose(drawn.data, expected, 1e-4);
  await artist.dispose();
});

Deno.test("a model without text is no artist", async () => {
  const { text: __, ...wordless } = facts;
  await assertRejects(
    () => openArtist(device, { model, weights, config, facts: wordless }),
    "Cannot ask tiny in words",
  );
});

Deno.test("an artist shows what the model makes of prompts alone", async () => {
  const artist = await openArtist(device, { model, weights, config, facts });
  await assertRejects(() => artist.sketch(["a dog"]), "does not sketch");
  await artist.dispose();

  const changed = extendConfig(config, {
    model: { kind: "dit", width: 32, depth: 1, heads: 2, patch: 4, sketch: 4 },
  });
  const sketching = modelFor(changed, facts);
  const able = await openArtist(device, {
    model: sketching,
    weights: randomWeights(sketching),
    config: changed,
    facts,
  });
  const both = await able.sketch(["a dog", "a red clock"]), alone = await able.sketch(["a dog"]);
  assertEquals([both.count, both.height, both.width, both.channels], [2, 8, 8, 3]);
  assertAllClose(both.data.slice(0, 8 * 8 * 3), alone.data, 1e-5);
  assertEquals(both.data.slice(0, 192).join() !== both.data.slice(192).join(), true);
  await able.dispose();
});
