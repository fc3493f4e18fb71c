import { openLatentArtist } from "@course/course/latent_artist.ts";
import { openDevice } from "@course/engine/mod.ts";
import { buildModel } from "@course/models/mod.ts";
import { initialise } from "@course/nn/mod.ts";
import { createRandom } from "@course/random.ts";
import type { HostTensor } from "@course/tensors.ts";
import { openTextEncoder } from "@course/text/mod.ts";
import { extendConfig } from "@course/training/mod.ts";
import { createPromptSampler } from "@course/training/prompt_sampler.ts";
import { assertAllClose, assertEquals, assertRejects } from "@std/assert";
import smoke from "../../configs/smoke.ts";

const device = await openDevice("cpu");
const encoder = await openTextEncoder("bag-of-words");
const { length, tokenWidth: width, fingerprint } = encoder;
const imageShape = [4, 4, 2] as const, classes: string[] = [];
const settings = {
  kind: "dit",
  width: 16,
  depth: 1,
  heads: 2,
  patch: 2,
  conditioningWidth: 16,
  zeroInit: false,
} as const;
const model = buildModel({ ...settings, imageShape, classes: 0, text: { length, width } });
const config = extendConfig(smoke, {
  model: settings,
  text: { encoder: "bag-of-words" },
  sampling: { sampler: "heun", steps: 3, guidance: 2.5 },
});
const weights = initialise(model.params, createRandom(1));
const facts = {
  name: model.name,
  imageShape,
  classes,
  text: { length, width, encoder: "bag-of-words", fingerprint },
};
// More than are drawn at once, so that the last part is a smaller one.
const prompts = Array.from({ length: 19 }, (_, i) => i % 2 ? "a red chair" : "two blue dogs");
const seeds = prompts.map((_, i) => i);

Deno.test("a latent artist draws what the library's sampler draws, from the same seeds", async () => {
  const artist = await openLatentArtist(device, { model, config, facts, weights });
  const drawn = await artist.draw({ prompts, noise: artist.noise(seeds) });
  const { prediction } = config.objective;
  const sampler = createPromptSampler(device, { model, encoder }, { count: 19, prediction });
  const { sampling, objective: { shift } } = config;
  const expected = await sampler.draw(weights, { ...sampling, shift, prompts, seeds });
  assertEquals(drawn.shape, [19, 4, 4, 2]);
  assertAllClose(drawn.data, expected.latents, 1e-4);
  await sampler.dispose();
  await artist.dispose();
});

Deno.test("the rest of the way, begun where the whole way was, ends in the same place", async () => {
  const way: [number, HostTensor][] = [], how = { prompts: prompts.slice(0, 2) };
  // Noise levels in even steps, so that the second half of four is two of its own.
  const evenly = extendConfig(config, { objective: { shift: 1 }, sampling: { shift: 1 } });
  const even = await openLatentArtist(device, { model, config: evenly, facts, weights });
  const noise = even.noise([3, 4]);
  const whole = await even.draw({ ...how, noise, steps: 4, onStep: (...step) => way.push(step) });
  const [from, halfway] = way[1]!;
  const rest = await even.draw({ ...how, noise: halfway, from, steps: 2 });
  assertAllClose([from], [0.5], 1e-6);
  assertAllClose(rest.data, whole.data, 1e-4);
  await even.dispose();
});

Deno.test("it tells where the latents are after every step, and ends where it says", async () => {
  const artist = await openLatentArtist(device, { model, config, facts, weights });
  const noise = artist.noise([3, 4]), way: [number, HostTensor][] = [];
  const how = { prompts: prompts.slice(0, 2), noise };
  const drawn = await artist.draw({ ...how, steps: 4, onStep: (...step) => way.push(step) });
  assertEquals(way.map(([t]) => t).at(-1), 0);
  assertEquals(way.length, 4);
  assertEquals(way.at(-1)![1], drawn);
  assertEquals(noise, artist.noise([3, 4]));
  await assertRejects(
    () => artist.draw({ prompts, noise }),
    "There are 19 prompts and the noise of 2 latents: expected noise for each prompt",
  );
  await assertRejects(
    () => artist.draw({ prompts, noise: artist.noise(seeds), onStep() {} }),
    "Cannot watch 19 latents: expected 16 at most",
  );
  await artist.dispose();
});
