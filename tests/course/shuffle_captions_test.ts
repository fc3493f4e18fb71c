import { shuffleCaptions } from "@course/course/shuffle_captions.ts";
import type { LatentBatch } from "@course/data/shards/mod.ts";
import type { TextData } from "@course/training/mod.ts";
import { assertEquals } from "@std/assert";

/** Three rows, each full of its own number. */
function rows(): LatentBatch {
  const filled = (width: number) =>
    Float32Array.from({ length: 3 * width }, (_, i) => Math.floor(i / width));
  return {
    latents: filled(4),
    pooled: filled(512),
    tokens: filled(6),
    mask: filled(3),
    captions: ["zero", "one", "two"],
    ids: ["a", "b", "c"],
    facts: [null, null, null],
    labels: new Int32Array(3),
  };
}

Deno.test("shuffleCaptions() gives every picture the text of the next one, vectors and words alike", async () => {
  const data = {
    fingerprint: "three",
    description: "three rows",
    stream: () => ({ next: () => Promise.resolve(rows()), save: () => "here" }),
  } as unknown as TextData;
  const shuffled = shuffleCaptions(data);
  assertEquals(shuffled.fingerprint, "three; captions shuffled");
  const stream = shuffled.stream(3), batch = await stream.next();
  assertEquals(batch.captions, ["one", "two", "zero"]);
  assertEquals([...batch.latents], [...rows().latents]);
  assertEquals([batch.pooled[0], batch.pooled[512], batch.pooled[1024]], [1, 2, 0]);
  assertEquals([...batch.tokens].filter((_, i) => i % 6 === 0), [1, 2, 0]);
  assertEquals([...batch.mask].filter((_, i) => i % 3 === 0), [1, 2, 0]);
  assertEquals(stream.save() as unknown, "here");
});
