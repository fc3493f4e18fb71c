import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { openDevice } from "@course/engine/mod.ts";
import {
  judgePromptFollowing,
  picturePrompts,
  type PromptFollowing,
  promptFollowingChapter,
  promptFollowingRows,
  promptFollowingTable,
  sweepTable,
  type Towers,
} from "@course/evaluation/prompt_following/mod.ts";
import { createRandom } from "@course/random.ts";

const device = await openDevice("cpu");
const PIXELS = 12288,
  how = { device, guidance: 2, steps: 5, perStage: 12, swaps: 8, seed: 9, reference: 200 };
const asked = await picturePrompts({
  stages: ["nouns", "attributes", "scenes"],
  perStage: how.perStage,
  seed: how.seed,
});
const places = new Map(asked.prompts.map((prompt, i) => [prompt, i]));

/** Towers that know nothing: every vector is drawn at random. */
function blindTowers(): Towers {
  const random = createRandom(6);
  const vectors = (count: number) => {
    const all = new Float32Array(count * 512);
    for (let i = 0; i < count; i++) all[i * 512 + random.integer(512)] = 1;
    return Promise.resolve(all);
  };
  return {
    texts: (prompts) => vectors(prompts.length),
    images: (images) => vectors(images.length / PIXELS),
    dispose: () => Promise.resolve(),
  };
}

/** What a perfect model draws: a real picture of the prompt. */
function perfect({ prompts }: { prompts: string[] }): Promise<Float32Array> {
  const images = new Float32Array(prompts.length * PIXELS);
  prompts.forEach((prompt, i) => {
    const place = places.get(prompt)!;
    images.set(asked.images.subarray(place * PIXELS, (place + 1) * PIXELS), i * PIXELS);
  });
  return Promise.resolve(images);
}

/** What a model draws that hears nothing: the noise decides. */
function deaf({ seeds }: { seeds: number[] }): Promise<Float32Array> {
  const images = new Float32Array(seeds.length * PIXELS);
  seeds.forEach((seed, i) => {
    const place = seed % 11;
    images.set(asked.images.subarray(place * PIXELS, (place + 1) * PIXELS), i * PIXELS);
  });
  return Promise.resolve(images);
}

const judged: Record<string, PromptFollowing> = {
  perfect: await judgePromptFollowing({ ...how, draw: perfect, towers: blindTowers() }),
  deaf: await judgePromptFollowing({ ...how, draw: deaf, towers: null }),
};

Deno.test("`judgePromptFollowing()` puts real pictures at the ceiling of every share", () => {
  const { stages, unseen, swap, frechet, samples } = judged.perfect!;
  assertEquals(Object.keys(stages), ["nouns", "attributes", "scenes"]);
  for (const stage of [...Object.values(stages), ...Object.values(unseen)]) {
    assertEquals(stage.samples, 12);
    for (const share of [...Object.values(stage.facts), stage.all_stated]) {
      assertEquals(share.value, share.ceiling);
    }
  }
  assert(stages.nouns!.facts.noun!.value > 0.8);
  assertEquals([swap!.noun_changes.value, swap!.noun_changes.floor], [
    swap!.noun_changes.ceiling,
    0,
  ]);
  assertEquals(frechet.value, frechet.ceiling);
  assert(frechet.floor > frechet.ceiling, JSON.stringify(frechet));
  assertEquals(samples, 5 * 12 + 2 * 8);
});

Deno.test("`judgePromptFollowing()` notices a model that hears nothing", () => {
  const { stages, swap } = judged.deaf!;
  // It draws pictures of the first stage, whatever is asked: what fits does so by chance.
  assert(stages.attributes!.all_stated.value < 0.3, JSON.stringify(stages.attributes));
  assert(stages.scenes!.all_stated.value < 0.2, JSON.stringify(stages.scenes));
  assertEquals([swap!.prompt_distance, swap!.ratio], [0, 0]);
  assert(swap!.noise_distance > 0.2 && swap!.noun_changes.value < 0.2, JSON.stringify(swap));
});

Deno.test("`judgePromptFollowing()` puts towers that know nothing at the floor, and leaves them out when told to", () => {
  const { similarity, retrieval } = judged.perfect!;
  assertAlmostEquals(similarity!.value, similarity!.floor, 0.05);
  assert(retrieval!.of >= 20, `${retrieval!.of} prompts`);
  assertAlmostEquals(retrieval!.mean_rank.value, retrieval!.mean_rank.floor, 6);
  assertEquals([judged.deaf!.similarity, judged.deaf!.retrieval], [null, null]);
});

Deno.test("`judgePromptFollowing()` gives numbers ready for JSON, the same again", async () => {
  assertEquals(JSON.parse(JSON.stringify(judged.deaf)), judged.deaf);
  const shares: number[] = [];
  const again = await judgePromptFollowing({
    ...how,
    draw: deaf,
    towers: null,
    onProgress: (share) => shares.push(share),
  });
  assertEquals(again, judged.deaf!);
  assertEquals(shares.at(-1), 1);
  assertEquals(shares, shares.toSorted((a, b) => a - b));
});

Deno.test("`judgePromptFollowing()` draws stages without a swap, and refuses pictures of another size", async () => {
  const few = { ...how, stages: ["nouns"] as const, swaps: 0, towers: null };
  const { stages, unseen, swap } = await judgePromptFollowing({ ...few, draw: deaf });
  assertEquals([Object.keys(stages), unseen, swap], [["nouns"], {}, null]);
  const small = () => Promise.resolve(new Float32Array(12 * 32 * 32 * 3));
  await assertRejects(() => judgePromptFollowing({ ...few, draw: small }), "64×64×3");
});

Deno.test("`promptFollowingRows()` has every number once, with what it means", () => {
  const rows = promptFollowingRows(judged.perfect!), names = rows.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  for (
    const name of [
      "nouns: noun",
      "attributes: noun and background",
      "scenes: relation",
      "scenes: all stated",
      "attributes, unseen: noun and colour",
      "similarity",
      "swapped prompt: its noun",
      "Fréchet distance",
    ]
  ) assert(names.includes(name), `${name} is missing in ${names.join(", ")}`);
  assert(rows.every(({ meaning, value }) => meaning !== "" && !value.includes("NaN")));
  const chapter = promptFollowingChapter(judged.perfect!);
  assertEquals([chapter.key, chapter.data], ["prompt_following", judged.perfect!]);
});

Deno.test("`promptFollowingTable()` and `sweepTable()` say guidance, shares and intervals", () => {
  const table = promptFollowingTable(judged.deaf!), { all_stated } = judged.deaf!.stages.scenes!;
  assertStringIncludes(table, "guidance 2, 5 steps");
  assertStringIncludes(table, `${(100 * all_stated.value).toFixed(1)} %`);
  assertStringIncludes(table, "95 % intervals");
  const sweep = sweepTable([judged.deaf!, { ...judged.perfect!, guidance: 3 }]).split("\n");
  assertEquals(sweep.length, 5);
  assert(sweep[2]!.startsWith("| 2 |") && sweep[3]!.startsWith("| 3 |"), sweep.join("\n"));
});
