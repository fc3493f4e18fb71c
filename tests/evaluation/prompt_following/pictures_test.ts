import {
  assert,
  assertAllClose,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { resizePictures } from "@course/evaluation/prompt_following/resize.ts";
import { roughen, ROUGHNESS } from "@course/evaluation/prompt_following/roughen.ts";
import {
  answersOf,
  decisionsOf,
  layoutFrom,
  scoresOf,
  vocabularyOf,
} from "@course/evaluation/prompt_following/vocabulary.ts";
import { layoutOf, picturePrompts } from "@course/evaluation/prompt_following/mod.ts";
import { createRandom, normals } from "@course/random.ts";
import { factsOf, thing } from "./facts.ts";

Deno.test("`resizePictures()` takes means when it halves and keeps a slope when it doubles", () => {
  const small = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const half = resizePictures(small, { from: 4, to: 2, channels: 1 });
  assertEquals([...half], [2.5, 4.5, 10.5, 12.5]);
  const double = resizePictures(half, { from: 2, to: 4, channels: 1 });
  // Between the centres of pixels: a quarter and three quarters of the way.
  assertAllClose(double.slice(4, 8), [4.5, 5, 6, 6.5]);
  assertThrows(() => resizePictures(small, { from: 3, to: 6, channels: 1 }), "16 numbers");
});

Deno.test("`resizePictures()` keeps channels and pictures apart", () => {
  const pictures = Float32Array.from(
    { length: 2 * 4 * 4 * 3 },
    (_, i) => i % 3 + (i < 48 ? 0 : 10),
  );
  const resized = resizePictures(pictures, { from: 4, to: 8, channels: 3 });
  resized.forEach((value, i) => assertAlmostEquals(value, i % 3 + (i < 192 ? 0 : 10), 1e-5));
});

Deno.test("`roughen()` leaves clean pictures alone and changes the others a little", () => {
  const images = normals(createRandom(1), 20 * 64 * 64 * 3).map((value) => Math.tanh(value));
  const shape = { size: 64, channels: 3 };
  assertEquals(roughen(images, shape, createRandom(2), { ...ROUGHNESS, clean: 1 }), images);
  const changed = roughen(images, shape, createRandom(2));
  let same = 0;
  for (let i = 0; i < images.length; i += 12288) {
    same += Number(changed.slice(i, i + 12288).every((value, j) => value === images[i + j]));
  }
  assert(same > 0 && same < 15, `${same} of 20 pictures are as they were`);
  assert(changed.every((value) => value >= -1 && value <= 1));
});

Deno.test("`roughen()` blurs with weights 1/4, 1/2, 1/4 in both directions", () => {
  const image = new Float32Array(8 * 8),
    only = { clean: 0, shift: 0, light: 0, coarse: 0, noise: 0 };
  image[3 * 8 + 4] = 1;
  const random = createRandom(5);
  let blurred = image;
  // The number of passes is drawn: until there is one.
  while (blurred[3 * 8 + 4] === 1) {
    blurred = roughen(image, { size: 8, channels: 1 }, random, { ...only, blur: 1 });
  }
  const weights = [1, 2, 1];
  for (let row = 0; row < 8; row++) {
    for (let column = 0; column < 8; column++) {
      const expected = (weights[row - 2] ?? 0) * (weights[column - 3] ?? 0) / 16;
      assertAlmostEquals(blurred[row * 8 + column]!, expected, 1e-6);
    }
  }
});

Deno.test("a layout comes back from scores that are highest at the right answers", async () => {
  const { facts } = await picturePrompts({
    stages: ["nouns", "attributes", "scenes"],
    perStage: 40,
    seed: 5,
  });
  const vocabulary = vocabularyOf(facts), random = createRandom(4);
  for (const fact of facts) {
    const scores = normals(random, scoresOf(vocabulary)), answers = answersOf(fact, vocabulary);
    decisionsOf(vocabulary).forEach(({ from }, i) => {
      if (answers[i]! >= 0) scores[from + answers[i]!] = 100;
    });
    assertEquals(layoutFrom(scores, vocabulary), layoutOf(fact));
  }
});

Deno.test("`answersOf()` names a word that the judge does not know, and what was meant", () => {
  const vocabulary = vocabularyOf([factsOf([thing("clock")])]);
  assertThrows(() => answersOf(factsOf([thing("cloc")]), vocabulary), 'did you mean "clock"?');
  assertThrows(() => answersOf(factsOf([thing("clock", { count: 2 })]), vocabulary), "counts to 1");
});

Deno.test("`picturePrompts()` gives each stage with seen and unseen combinations", async () => {
  const asked = await picturePrompts({
    stages: ["nouns", "scenes"],
    perStage: 3,
    seed: 1,
    size: 32,
  });
  assertEquals(asked.facts.map(({ stage, unseen }) => `${stage} ${unseen}`), [
    ...Array(3).fill("nouns false"),
    ...Array(3).fill("scenes false"),
    ...Array(3).fill("scenes true"),
  ]);
  assertEquals([asked.prompts.length, asked.images.length], [9, 9 * 32 * 32 * 3]);
  const again = await picturePrompts({
    stages: ["nouns", "scenes"],
    perStage: 3,
    seed: 1,
    size: 32,
  });
  assertEquals(again, asked);
});
