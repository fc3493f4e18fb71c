import { assert, assertEquals } from "@std/assert";
import { pictures } from "../../lib/data/mod.ts";
import { openDevice } from "../../lib/engine/mod.ts";
import { openImageTower, openTextEncoder, POOLED_WIDTH, TOWERS } from "../../lib/text/mod.ts";

const encoder = await openTextEncoder();

/** How well texts fit each other. */
async function similarity(one: string, other: string): Promise<number> {
  const { pooled } = await encoder.encode([one, other]);
  return product(pooled.subarray(0, POOLED_WIDTH), pooled.subarray(POOLED_WIDTH));
}

function product(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, d) => sum + x * b[d]!, 0);
}

Deno.test("the shipped text tower is small and says where it comes from", async () => {
  const { size } = await Deno.stat(`${TOWERS}/tower.onnx`);
  assert(size < 3e6, `${size} bytes`);
  const { card } = JSON.parse(await Deno.readTextFile(`${TOWERS}/tower.json`));
  assert(card.command.startsWith("deno task train text"), card.command);
  assert(card.step > 0 && card.minutes > 0 && card.fingerprint.startsWith("pictures:"));
  assertEquals([encoder.length, encoder.tokenWidth], [24, 128]);
});

Deno.test("the shipped text tower hears paraphrases as alike and other facts as different", async () => {
  for (
    const [text, same, other] of [
      ["a red chair", "red chair", "a blue chair"],
      ["a small dog on a blue background", "a little dog on blue", "a large dog on blue"],
      ["two dogs left of a clock", "two dogs to the left of a clock", "two dogs right of a clock"],
      ["a cat", "a picture of a cat", "a car"],
      ["a dog", "a doggy", "a hammer"],
    ] as const
  ) {
    const [near, far] = [await similarity(text, same), await similarity(text, other)];
    assert(near > far + 0.05, `${text}: ${near} to "${same}", ${far} to "${other}"`);
  }
});

Deno.test("the shipped towers find the captions of new pictures", async () => {
  const images = await openImageTower(await openDevice("cpu"));
  // A seed that nobody trained with or judged by.
  const { images: pixels, captions } = await pictures({ size: 64, split: "heldout", seed: 11 });
  const seen = await images.encode(Float32Array.from(pixels, (x) => x / 127.5 - 1));
  const { pooled } = await encoder.encode(captions);
  await images.dispose();
  const row = (values: Float32Array, i: number) => {
    return values.subarray(i * POOLED_WIDTH, (i + 1) * POOLED_WIDTH);
  };
  const places = captions.map((_, i) => {
    const own = product(row(seen, i), row(pooled, i));
    return captions.filter((_, j) => product(row(seen, i), row(pooled, j)) > own).length;
  });
  const near = places.filter((place) => place < 3).length / places.length;
  assert(near > 0.7, `${near} of pictures have their caption among the first three of 64`);
});
