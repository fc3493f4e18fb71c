import { trainSmallTowers } from "@course/course/small_towers.ts";
import { batchOf, loadDataset } from "@course/data/mod.ts";
import { openDevice } from "@course/engine/mod.ts";
import { buildVocabulary } from "@course/text/tokenizer.ts";
import * as reference from "@solutions/04_text.ts";
import { assert, assertAllClose, assertEquals, assertRejects } from "@std/assert";

const device = await openDevice("cpu");

Deno.test("small towers find the captions of pictures that they have learned", async () => {
  const pictures = await loadDataset("pictures", { stage: "nouns", size: 12, imageSize: 16 });
  const captions = pictures.captions!, losses: number[] = [];
  const towers = await trainSmallTowers(device, pictures, reference, {
    steps: 60,
    batchSize: 12,
    vocabulary: buildVocabulary(captions, { pieces: 16 }),
    onStep: (_, loss) => losses.push(loss),
  });
  const texts = await towers.encodeTexts(captions);
  const places = Array.from(captions.keys());
  const seen = await towers.encodePictures(batchOf(pictures, places).images);
  assertEquals([texts.shape, seen.shape], [[12, 512], [12, 512]]);

  const product = (i: number, j: number) => {
    let sum = 0;
    for (let d = 0; d < 512; d++) sum += texts.data[i * 512 + d]! * seen.data[j * 512 + d]!;
    return sum;
  };
  const found = places.filter((i) => {
    const scores = places.map((j) => product(i, j));
    const best = Math.max(...scores);
    // Another picture of the same thing is as good.
    return pictures.labels[scores.indexOf(best)] === pictures.labels[i];
  });
  assert(losses.at(-1)! < Math.log(12) / 2, `${losses.at(-1)}`);
  assert(found.length >= 11, `${found.length} of 12`);

  // A mean knows no order.
  const { data } = await towers.encodeTexts(["a dog on a cat", "a cat on a dog"]);
  assertAllClose(data.subarray(0, 512), data.subarray(512), 1e-5);
  await towers.dispose();
});

Deno.test("small towers cannot learn from pictures without captions", async () => {
  const digits = await loadDataset("digits", { size: 4 });
  await assertRejects(
    () => trainSmallTowers(device, digits, reference, { steps: 1, vocabulary: [] }),
    "Cannot learn texts from digits: it has none",
  );
});
