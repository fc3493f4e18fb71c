import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { openTextEncoder } from "@course/text/mod.ts";
import { mixStreams, openShards, prepareCached } from "@course/data/shards/mod.ts";
import { forkRandom } from "@course/random.ts";
import type { CurriculumPhase } from "@course/training/config.ts";
import { joinRows, recordedEncoder } from "@course/training/text_rows.ts";
import { keepTexts, meanWeight, textFeed, weightsAt } from "@course/training/text_feed.ts";
import base from "../../configs/smoke.ts";
import { withFolder } from "./fixtures.ts";

const curriculum: CurriculumPhase[] = [
  { from: 0, nouns: 1, attributes: 0, scenes: 0 },
  { from: 0.5, nouns: 0, attributes: 1, scenes: 1 },
];

/** Streams of two stages of small pictures. */
async function openStreams(root: string, batchSize: number) {
  const encoder = await openTextEncoder("bag-of-words");
  const open = async (stage: "nouns" | "attributes") => {
    const data = { stage, size: 24, imageSize: 16 };
    const folder = await prepareCached({ root, dataset: "pictures", data, encoder });
    return (await openShards(folder)).stream({ batchSize, seed: 3 });
  };
  const streams = { nouns: await open("nouns"), attributes: await open("attributes") };
  return mixStreams<string>(streams, { seed: 3, batchSize });
}

async function openFeed(root: string) {
  const { noiseLevels: _, ...objective } = base.objective;
  return textFeed(await openStreams(root, 4), {
    batchSize: 4,
    seed: 3,
    objective: { ...objective, noiseLevels: "uniform", conditionDropout: 0.5 },
    shape: [16, 16, 3],
    curriculum: curriculum.map(({ scenes: _, ...phase }) => phase as CurriculumPhase),
    batches: 8,
  });
}

Deno.test("a feed that goes on from a saved position gives the same batches", () =>
  withFolder(async (root) => {
    const feed = await openFeed(root), batches = [];
    for (let i = 0; i < 8; i++) batches.push(await feed.next());
    const resumed = await openFeed(root);
    resumed.restore(JSON.parse(JSON.stringify(batches[2]!.after)));
    for (const batch of batches.slice(3)) assertEquals(await resumed.next(), batch);
  }));

Deno.test("a batch holds latents, noise, noise levels and texts of which some are dropped", () =>
  withFolder(async (root) => {
    const { tensors } = await (await openFeed(root)).next();
    assertEquals(Object.keys(tensors).sort(), [
      "t",
      "text.keep",
      "text.mask",
      "text.pooled",
      "text.tokens",
      "x0",
      "x1",
    ]);
    assertEquals(tensors.x0!.shape, [4, 16, 16, 3]);
    assertEquals(tensors["text.pooled"]!.shape, [4, 512]);
    assert(tensors["text.keep"]!.data.every((keep) => keep === 0 || keep === 1));
  }));

Deno.test("the curriculum decides which stages are learned from, by the share of the run", () => {
  assertEquals(weightsAt(curriculum, 0), { nouns: 1, attributes: 0, scenes: 0 });
  assertEquals(weightsAt(curriculum, 0.49), { nouns: 1, attributes: 0, scenes: 0 });
  assertEquals(weightsAt(curriculum, 0.5), { nouns: 0, attributes: 1, scenes: 1 });
  assertEquals(weightsAt([...curriculum].reverse(), 0.9), { nouns: 0, attributes: 1, scenes: 1 });
  assertEquals(weightsAt(undefined, 0.5), undefined);
});

Deno.test("a stage's share of a whole run is that of all weights that were in force", () => {
  const phases = [{ from: 0.25, nouns: 1, attributes: 2, scenes: 1 }, {
    from: 0,
    nouns: 0.5,
    attributes: 0,
    scenes: 0.5,
  }];
  assertAlmostEquals(meanWeight(phases, "nouns"), 0.25 * 0.5 + 0.75 * 0.25);
  assertAlmostEquals(meanWeight(phases, "attributes"), 0.75 * 0.5);
  const steps = Array.from({ length: 1000 }, (_, step) => weightsAt(phases, step / 1000)!);
  const shares = steps.map(({ nouns = 0, attributes = 0, scenes = 0 }) =>
    scenes / (nouns + attributes + scenes)
  );
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  assertAlmostEquals(meanWeight(phases, "scenes"), mean, 1e-3);
});

Deno.test("text dropout drops the share of texts that it is asked for", () => {
  const keep = keepTexts(20_000, 0.1, forkRandom(1, "test"));
  assertAlmostEquals(keep.reduce((sum, value) => sum + value, 0) / keep.length, 0.9, 0.01);
  assertEquals([...keepTexts(3, 0, forkRandom(1, "test"))], [1, 1, 1]);
  assertEquals([...keepTexts(3, 1, forkRandom(1, "test"))], [0, 0, 0]);
});

Deno.test("an encoder that is not here is stood in for by what came with the data", async () => {
  const rows = (caption: string, value: number) => ({
    latents: new Float32Array(2).fill(value),
    pooled: new Float32Array(512).fill(value),
    tokens: new Float32Array(6).fill(value),
    mask: new Float32Array(2).fill(1),
    captions: [caption],
  });
  const joined = joinRows([rows("a dog", 1), rows("a cat", 2)]);
  const card = { name: "clip", fingerprint: "f", length: 2, tokenWidth: 3 };
  const encoder = recordedEncoder(joined, card);
  assertEquals((await encoder.encode(["a cat", "a dog"])).pooled[0], 2);
  await assertRejects(() => encoder.encode(["a cow"]), '"clip" is not on this machine');
});
