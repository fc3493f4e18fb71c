import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { openDevice } from "@course/engine/mod.ts";
import {
  type AskedModel,
  conditioningPage,
  conditioningSentences,
  conditioningTable,
  measureConditioning,
  NOTHING,
  openAskedModel,
  pairwise,
} from "@course/evaluation/conditioning/mod.ts";
import { buildModel } from "@course/models/mod.ts";
import { initialise, normal } from "@course/nn/mod.ts";
import { openTextEncoder } from "@course/text/mod.ts";
import { createRandom } from "@course/random.ts";
import smoke from "../../../configs/smoke.ts";

const SIZE = 32;

/**
 * A model that can be worked out: its pictures are the wish plus `spread` times noise, its velocity the told level
 * times `hears` plus the wish times `listens`, 1 everywhere for no wish.
 */
function made({ listens = 1, hears = 1, wishes = ["none", "one", "two"] } = {}): AskedModel {
  const velocity = (t: number, wish: number) =>
    new Float32Array(SIZE).fill(2 + hears * t + listens * (wish === NOTHING ? 0.5 : wish));
  return {
    wishes,
    size: SIZE,
    draw(asked, seeds) {
      const images = new Float32Array(asked.length * SIZE);
      asked.forEach((wish, i) => {
        const random = createRandom(seeds[i]!), rows = images.subarray(i * SIZE, (i + 1) * SIZE);
        rows.forEach((_, place) => rows[place] = listens * wish + 0.5 * random.normal());
      });
      return Promise.resolve(images);
    },
    show: (images) => Promise.resolve({ images, shape: [4, 8, 1] }),
    ask(x, levels, asked) {
      const outputs = x.map((_, i) => velocity(levels[i]!, asked[i]!));
      return Promise.resolve({ outputs, velocities: outputs });
    },
    dispose: () => Promise.resolve(),
  };
}

Deno.test("`pairwise()` is the distance of every pair", () => {
  const { matrix, mean, least, most } = pairwise([[0, 0], [3, 4], [0, 2]]);
  const [far, near, middle] = [25, 4, 13].map((squares) => Math.sqrt(squares / 2));
  assertEquals(matrix, [[0, far!, near!], [far!, 0, middle!], [near!, middle!, 0]]);
  assertAlmostEquals(mean, (far! + near! + middle!) / 3);
  assertEquals([least, most], [near!, far!]);
});

Deno.test("sensitivity to wishes is the distance of velocities over their size", async () => {
  const found = await measureConditioning(made(), { levels: [0.5, 1] });
  // At t = 0.5 the velocities are 2.5, 3.5 and 4.5: pairs are 1, 2 and 1 apart, and none is 3.
  const [at] = found.wish_sensitivity;
  assertAlmostEquals(at!.between, (4 / 3) / 3.5, 1e-6);
  assertAlmostEquals(at!.to_nothing, (0.5 + 0.5 + 1.5) / 3 / 3.5, 1e-6);
  assertEquals(found.same_noise.matrix.length, 3);
  // From one noise, pictures differ by the wish alone.
  assertAlmostEquals(found.same_noise.mean, 4 / 3, 1e-5);
  assertAlmostEquals(found.same_wish.mean, 0.5 * Math.SQRT2, 0.1);
  assertAlmostEquals(found.ratio!, found.same_noise.mean / found.same_wish.mean, 1e-9);
});

Deno.test("sensitivity to time is the change of the output when another level is told", async () => {
  const { time_sensitivity: time } = await measureConditioning(made({ listens: 0 }), {
    levels: [0.5, 1],
  });
  assertEquals([time[0]![0], time[1]![1]], [0, 0]);
  assertAlmostEquals(time[0]![1]!, 0.5 / 2.5, 1e-6);
  assertAlmostEquals(time[1]![0]!, 0.5 / 3, 1e-6);
});

Deno.test("a model that does not listen is named so, whether to wishes or to the noise level", async () => {
  const words = async (options: Parameters<typeof made>[0]) =>
    conditioningSentences(await measureConditioning(made(options))).join("\n");
  const deaf = await words({ listens: 0 });
  assertStringIncludes(deaf, "does not hear what it is asked for");
  assert(!deaf.includes("does not hear t"));
  const timeless = await words({ hears: 0 });
  assertStringIncludes(timeless, "does not hear t");
  assert(!timeless.includes("does not hear what it is asked for"));
});

Deno.test("a model that takes no wishes is measured by time and noise alone", async () => {
  const found = await measureConditioning(made({ wishes: [""] }), { levels: [0.2, 0.9] });
  assertEquals([found.ratio, found.wish_sensitivity], [null, []]);
  assert(found.same_wish.mean > 0 && found.time_sensitivity[0]![1]! > 0);
  assertEquals(conditioningSentences(found).length, 1);
  const page = conditioningPage({ title: "made", found, grid: new Uint8Array(1) });
  assert(!page.includes("What the wish changes") && page.includes("What the noise level changes"));
  assert(!/(src|href)="(?!data:)/.test(page), "the page holds all it needs");
});

Deno.test("a trained model is asked through its null class, its labels and its noise levels", async () => {
  const config = { ...smoke, objective: { ...smoke.objective, prediction: "data" as const } };
  const model = buildModel({
    kind: "dit",
    imageShape: [8, 8, 1],
    classes: 3,
    width: 16,
    depth: 1,
    heads: 2,
  });
  const loud = Object.fromEntries(
    Object.entries(model.params).map(([name, spec]) => [name, { ...spec, init: normal(0.3) }]),
  );
  const weights = initialise(loud, createRandom(1));
  // Two classes and the null class with one vector: asking for them cannot differ.
  const table = weights["class_embedding.weight"] ?? weights["class_embedding"]!;
  const width = table.shape[1]!;
  table.data.copyWithin(3 * width, 0, width);
  const facts = { name: "small", imageShape: model.imageShape, classes: ["a", "b", "c"] };
  const asked = await openAskedModel(
    await openDevice("cpu"),
    { model, config, facts, weights },
    [],
  );
  const x = [0, 1, 2, 3].map(() => new Float32Array(64).fill(0.3));
  const { outputs, velocities } = await asked.ask(x, [0.5, 0.5, 0.5, 0.9], [0, NOTHING, 1, 0]);
  assertEquals(outputs[0], outputs[1]);
  assert(outputs[0]!.some((value, i) => Math.abs(value - outputs[2]![i]!) > 1e-3));
  assert(outputs[0]!.some((value, i) => Math.abs(value - outputs[3]![i]!) > 1e-3));
  velocities[3]!.forEach((v, i) => assertAlmostEquals(v, (0.3 - outputs[3]![i]!) / 0.9, 1e-5));
  const found = await measureConditioning(asked, { seeds: [0, 1], levels: [0.5] });
  assertStringIncludes(conditioningTable(found), "another wish");
  await asked.dispose();
  await assertRejects(() => measureConditioning(asked, { levels: [0] }), "Noise level 0");
});

Deno.test("a model with text is asked by prompt, and for nothing through its null text", async () => {
  const encoder = await openTextEncoder("bag-of-words");
  const text = { length: encoder.length, width: encoder.tokenWidth };
  const imageShape = [8, 8, 3] as const;
  const model = buildModel({ kind: "dit", imageShape, text, width: 16, depth: 1, heads: 2 });
  const loud = Object.fromEntries(
    Object.entries(model.params).map(([name, spec]) => [name, { ...spec, init: normal(0.3) }]),
  );
  const weights = initialise(loud, createRandom(1));
  const { name, fingerprint } = encoder;
  const facts = {
    name: "small",
    imageShape,
    classes: [],
    text: { ...text, encoder: name, fingerprint },
  };
  const prompts = ["a dog", "two red apples", "a dog"];
  const trained = { model, config: smoke, facts, weights };
  const asked = await openAskedModel(await openDevice("cpu"), trained, prompts);
  const x = [0, 1, 2, 3].map(() => new Float32Array(192).fill(0.3));
  const { outputs } = await asked.ask(x, [0.5, 0.5, 0.5, 0.5], [0, 1, 2, NOTHING]);
  const apart = (a: number, b: number) =>
    Math.max(...outputs[a]!.map((value, i) => Math.abs(value - outputs[b]![i]!)));
  assertEquals(apart(0, 2), 0, "the same prompt");
  assert(apart(0, 1) > 1e-3 && apart(0, 3) > 1e-3 && apart(1, 3) > 1e-3);
  const drawn = await asked.draw([0, 1, 2], [4, 4, 4]);
  assertEquals(drawn.slice(0, 192), drawn.slice(384));
  assertEquals((await asked.show(drawn)).shape, [8, 8, 3]);
  await asked.dispose();
});
