import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { loadDataset, pictureAt } from "@course/data/mod.ts";
import type { Fact, Stage } from "@course/data/pictures/facts.ts";
import { openDevice } from "@course/engine/mod.ts";
import { CLASSIFIERS } from "@course/evaluation/classifier_weights.ts";
import { fitGaussian, frechetDistance } from "@course/evaluation/frechet.ts";
import {
  compareFacts,
  loadPictureJudge,
  measurePromptFollowing,
  openPictureJudge,
  picturePrompts,
} from "@course/evaluation/prompt_following/mod.ts";
import {
  decodeJudge,
  describeAccuracy,
  encodeJudge,
} from "@course/evaluation/prompt_following/judge_weights.ts";
import {
  testPictureJudge,
  trainPictureJudge,
} from "@course/evaluation/prompt_following/train_picture_judge.ts";
import { createRandom, normals } from "@course/random.ts";

const device = await openDevice("cpu");
const weights = await loadPictureJudge();
const stages: Stage[] = ["nouns", "attributes", "scenes"];
/** Prompts of a seed that nothing else uses. */
const asked = await picturePrompts({ stages, perStage: 100, seed: 4711 });

Deno.test("the judge's card says what it can, and the file is small", async () => {
  const { heldout, vocabulary, recipe } = weights.card;
  assertEquals(Object.keys(heldout), stages);
  assert(vocabulary.nouns.length >= 60 && vocabulary.count === 3, JSON.stringify(vocabulary));
  assert(recipe.includes("AdamW"));
  assert(heldout.nouns!.noun! > 0.97, describeAccuracy(heldout));
  assert(heldout.attributes!.all_stated! > 0.93, describeAccuracy(heldout));
  assert(heldout.scenes!.all_stated! > 0.8, describeAccuracy(heldout));
  const { size } = await Deno.stat(`${CLASSIFIERS}/pictures.safetensors`);
  assert(size < 2e6, `${size} bytes`);
});

Deno.test("the judge reads fresh real pictures as well as its card says", async () => {
  const judge = await openPictureJudge(device, weights);
  const { layouts } = await judge.read(asked.images);
  await judge.dispose();
  for (const stage of stages) {
    const verdicts = asked.facts.flatMap((facts, i) =>
      facts.stage === stage ? [compareFacts(facts, layouts[i]!)] : []
    );
    const share = verdicts.filter((verdict) => Object.values(verdict).every(Boolean)).length /
      verdicts.length;
    const stated = weights.card.heldout[stage]!.all_stated!;
    // Four standard deviations of a share of 100 or 200 pictures.
    const margin = 4 * Math.sqrt((stated * (1 - stated) + 0.01) / verdicts.length);
    assert(Math.abs(share - stated) < margin, `${stage}: ${share} instead of ${stated}`);
  }
});

Deno.test("the judge reads pictures of 32 pixels nearly as well, resized", async () => {
  const small = await picturePrompts({
    stages: ["attributes"],
    perStage: 100,
    seed: 4711,
    size: 32,
  });
  const judge = await openPictureJudge(device, weights);
  const { layouts } = await judge.read(small.images, 32);
  await judge.dispose();
  const right = (fact: Fact) => {
    const found = small.facts.map((facts, i) => compareFacts(facts, layouts[i]!)[fact])
      .filter((verdict) => verdict !== undefined);
    return found.filter(Boolean).length / found.length;
  };
  assert(right("noun") > 0.85, `nouns ${right("noun")}`);
  assert(right("background") > 0.95, `backgrounds ${right("background")}`);
});

Deno.test("the judge is not put off by a little noise", async () => {
  const judge = await openPictureJudge(device, weights), noise = createRandom(8);
  const noisy = asked.images.slice(0, 64 * 12288).map((value) => value + 0.1 * noise.normal());
  const { layouts } = await judge.read(noisy);
  await judge.dispose();
  const right = layouts.filter((layout, i) => compareFacts(asked.facts[i]!, layout).noun).length;
  assert(right >= 58, `${right} of 64 nouns`);
});

Deno.test("`measurePromptFollowing()` puts real pictures at the ceiling and those of other prompts at the floor", async () => {
  const judge = await openPictureJudge(device, weights);
  const { facts, images } = asked, pixels = 12288, count = facts.length;
  // Each picture of the prompt after the next, so that stages are left only at their ends.
  const shuffled = new Float32Array(images.length);
  for (let i = 0; i < count; i++) {
    const from = (i + 2) % count;
    shuffled.set(images.subarray(from * pixels, (from + 1) * pixels), i * pixels);
  }
  const right = await measurePromptFollowing(judge, { asked: facts, images, real: images });
  const wrong = await measurePromptFollowing(judge, {
    asked: facts,
    images: shuffled,
    real: images,
  });
  await judge.dispose();
  for (const stage of stages) {
    const { all_stated, facts } = right.stages[stage]!;
    assertEquals(all_stated.value, all_stated.ceiling);
    assert(all_stated.value > 0.75 && all_stated.floor < 0.05, JSON.stringify(all_stated));
    assertEquals(wrong.stages[stage]!.all_stated.ceiling, all_stated.ceiling);
    assert(wrong.stages[stage]!.all_stated.value < 0.08);
    for (const share of Object.values(facts)) {
      assert(share.low <= share.value && share.value <= share.high);
    }
    for (const [fact, share] of Object.entries(wrong.stages[stage]!.facts)) {
      // What is expected by chance, within four standard deviations.
      const margin = 4 * Math.sqrt((share.floor * (1 - share.floor) + 0.01) / share.count);
      assert(
        Math.abs(share.value - share.floor) < margin,
        `${stage} ${fact}: ${JSON.stringify(share)}`,
      );
    }
  }
  assertEquals(Object.keys(right.unseen), ["attributes", "scenes"]);
});

Deno.test("the judge's features put other real pictures near, and noise far", async () => {
  const judge = await openPictureJudge(device, weights);
  const other = await picturePrompts({ stages, perStage: 100, seed: 4712 });
  const features = async (images: Float32Array) => fitGaussian((await judge.read(images)).features);
  const real = await features(asked.images), same = await features(other.images);
  const noise = await features(normals(createRandom(1), 300 * 12288));
  await judge.dispose();
  assertAlmostEquals(real.covariance.trace() / 192, 1, 0.25);
  const near = frechetDistance(real, same), far = frechetDistance(real, noise);
  assert(far > 4 * near, `${near} and ${far}`);
});

Deno.test("`openPictureJudge()` refuses what is not a picture", async () => {
  const judge = await openPictureJudge(device, weights);
  await assertRejects(() => judge.read(new Float32Array(100)), "100 numbers");
  await assertRejects(
    () => judge.read(new Float32Array(12288).fill(NaN)),
    "picture 0: it holds NaN",
  );
  await judge.dispose();
});

Deno.test("`decodeJudge()` reads what `encodeJudge()` wrote and refuses another network", () => {
  assertEquals(decodeJudge(encodeJudge(weights)).card, weights.card);
  const { ["where.bias"]: _, ...params } = weights.params;
  assertThrows(() => decodeJudge(encodeJudge({ ...weights, params })), "where.bias is [missing]");
});

Deno.test("`trainPictureJudge()` learns backgrounds in 40 steps and says what it cannot judge", async () => {
  const train = await loadDataset("pictures", { size: 400, stage: "attributes" });
  const heldout = await loadDataset("pictures", {
    size: 60,
    stage: "attributes",
    split: "heldout",
  });
  const recipe = { steps: 40, batchSize: 32, warmup: 5, learningRate: 2e-3 };
  const trained = await trainPictureJudge(device, train, heldout, { recipe });
  const accuracy = trained.card.heldout.attributes!;
  assert(accuracy.background! > 0.7, `${accuracy.background}`);
  assertEquals(trained.card.heldout, await testPictureJudge(device, trained, heldout));
  const { facts: _, ...without } = train;
  await assertRejects(() => trainPictureJudge(device, without, heldout), "facts");
});

Deno.test("pictures that the judge is measured with are none that it learned from", async () => {
  const of = (split: "train" | "heldout") => pictureAt(3, { split, stage: "scenes" });
  const [train, heldout] = [await of("train"), await of("heldout")];
  assert(train.image.some((value, i) => value !== heldout.image[i]));
});
