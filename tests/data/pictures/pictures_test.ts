import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  isUnseen,
  NOUNS,
  openPictures,
  pictureAt,
  pictures,
  PICTURES_VERSION,
  type Stage,
  STAGES,
} from "@course/data/pictures/mod.ts";

const BYTES = 64 * 64 * 3;
const train = await pictures({ size: 900, seed: 1 });
const heldout = await pictures({ size: 300, seed: 1, split: "heldout" });

Deno.test("`pictures()` gives the same for the same seed, and other pictures for another", async () => {
  const again = await pictures({ size: 30, seed: 1 });
  assertEquals(again.images, train.images.slice(0, 30 * BYTES));
  assertEquals(again.captions, train.captions.slice(0, 30));
  const other = await pictures({ size: 30, seed: 2 });
  assert(other.captions.filter((caption, i) => caption === train.captions[i]).length < 3);
});

Deno.test("`pictureAt()` draws any picture of `pictures()` by itself, whole or by stage", async () => {
  for (const index of [0, 1, 2, 700]) {
    const expected = train.images.slice(index * BYTES, (index + 1) * BYTES);
    const alone = await pictureAt(index, { seed: 1 });
    assertEquals(alone.image, expected);
    assertEquals(alone.caption, train.captions[index]!);
    assertEquals(alone.facts, train.facts[index]!);
    const stage = await pictureAt(index, { seed: 1, stage: STAGES[index % 3]! });
    assertEquals(stage.image, expected);
  }
});

Deno.test("`pictures()` takes the stages in turn, and the label is the first thing's noun", () => {
  for (const [i, facts] of train.facts.entries()) {
    assertEquals(facts.stage, STAGES[i % 3]!);
    assertEquals(train.classes[train.labels[i]!], facts.objects[0]!.noun);
  }
});

Deno.test("no picture comes twice, nor in both splits", () => {
  const seen = new Set<string>();
  for (const { images, size } of [train, heldout]) {
    for (let n = 0; n < size; n++) seen.add(images.subarray(n * BYTES, (n + 1) * BYTES).join());
  }
  assertEquals(seen.size, train.size + heldout.size);
});

Deno.test("what is kept out of training is in no picture, unless it is asked for", async () => {
  const pairs = (facts: typeof train.facts) =>
    facts.flatMap(({ objects }) => objects.map(({ noun, colour }) => isUnseen(noun, colour)));
  assert(!pairs(train.facts).includes(true) && !pairs(heldout.facts).includes(true));
  assert(train.facts.every(({ unseen }) => !unseen));

  const unseen = await pictures({ size: 200, combinations: "unseen" });
  for (const { objects: [first, second], unseen: said, stage, stated } of unseen.facts) {
    assert(isUnseen(first!.noun, first!.colour) && said && stated.includes("colour"));
    assert(!second || !isUnseen(second.noun, second.colour));
    assert(stage !== "nouns");
  }
});

Deno.test("pictures look alike at every size: only finer", async () => {
  const small = await pictures({ size: 60, seed: 1, imageSize: 32 });
  assertEquals(small.captions, train.captions.slice(0, 60));
  let error = 0;
  for (let n = 0; n < 60; n++) {
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        for (let c = 0; c < 3; c++) {
          const at = (dy: number, dx: number) =>
            train.images[((n * 64 + 2 * y + dy) * 64 + 2 * x + dx) * 3 + c]!;
          const mean = (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4;
          error += Math.abs(mean - small.images[((n * 32 + y) * 32 + x) * 3 + c]!);
        }
      }
    }
  }
  assert(error / (60 * 32 * 32 * 3) < 8, `mean difference ${error / (60 * 32 * 32 * 3)} of 255`);
});

Deno.test("the fingerprint and the description name everything that decides", async () => {
  assertEquals(
    heldout.fingerprint,
    `pictures:version ${PICTURES_VERSION}:all stages, seen combinations:64 pixels:heldout:` +
      "seed 1:size 300",
  );
  const { fingerprint } = await pictures({
    size: 2,
    stage: "scenes",
    combinations: "unseen",
    imageSize: 32,
  });
  assertEquals(
    fingerprint,
    `pictures:version ${PICTURES_VERSION}:scenes, unseen combinations:32 pixels:train:seed 0:size 2`,
  );
});

Deno.test("pictures are still drawn as when PICTURES_VERSION was last raised", async () => {
  const draw = await openPictures();
  const drawn = Array.from({ length: 6 }, (_, index) => {
    const image = new Uint8Array(BYTES);
    const { caption } = draw(index, image);
    return { caption, mean: image.reduce((sum, value) => sum + value, 0) / BYTES };
  });
  assertEquals(drawn.map(({ caption }) => caption), EXPECTED.map(([caption]) => caption));
  for (const [i, { mean }] of drawn.entries()) {
    // A little leeway, as rasterisers may round differently.
    assert(Math.abs(mean - EXPECTED[i]![1]) < 0.2, `picture ${i}: mean ${mean}`);
  }
});

const EXPECTED: readonly [caption: string, mean: number][] = [
  ["there is a clock", 218.53],
  ["an image of one orange butterfly in front of a yellow background", 174.12],
  ["a green tree below one orange cactus on black", 42.22],
  ["a dog", 59.73],
  ["a drawing of one horse", 146.85],
  ["two small keys", 194.75],
];

Deno.test("`pictures()` refuses stages, sizes and combinations that cannot be", async () => {
  await assertRejects(
    () => pictures({ stage: "verbs" as Stage }),
    'There is no stage "verbs": stages are nouns, attributes, scenes',
  );
  await assertRejects(() => pictures({ imageSize: 4 }), "Cannot draw pictures of 4 pixels");
  await assertRejects(
    () => pictures({ size: 1e6, imageSize: 1024 }),
    "they are kept in memory, at most 682 of them",
  );
  await assertRejects(
    () => pictures({ combinations: "new" as "seen" }),
    "combinations are seen and unseen",
  );
  await assertRejects(
    () => pictures({ stage: "nouns", combinations: "unseen" }),
    "There are no unseen combinations in the nouns stage",
  );
  assert(NOUNS.length >= 64);
});
