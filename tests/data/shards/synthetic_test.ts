import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { openShards, prepareSynthetic, syntheticSource } from "@course/data/shards/mod.ts";
import { withFolder } from "./fixtures.ts";

Deno.test("synthetic rows are standard normal latents with text vectors of length 1", () =>
  withFolder(async (folder) => {
    await prepareSynthetic({ rows: 40, latentShape: [8, 8, 32], seed: 3, folder });
    const shards = await openShards(folder),
      { latents, pooled, tokens, ids } = await shards.read(0, 40);
    assertEquals(shards.layout, { latentShape: [8, 8, 32], text: shards.manifest.text });
    assertEquals([latents.length, pooled.length, tokens.length], [40 * 2048, 40 * 512, 0]);
    assertEquals(new Set(ids).size, 40);
    // 81,920 numbers: their mean is 0 ± 0.0035, their mean square 1 ± 0.005.
    const mean = latents.reduce((sum, x) => sum + x, 0) / latents.length;
    const square = latents.reduce((sum, x) => sum + x * x, 0) / latents.length;
    assertAlmostEquals(mean, 0, 0.015);
    assertAlmostEquals(square, 1, 0.02);
    for (const row of [0, 39]) {
      assertAlmostEquals(Math.hypot(...pooled.subarray(row * 512, row * 512 + 512)), 1, 1e-3);
    }
  }));

Deno.test("a synthetic row depends on the seed and its index alone", async () => {
  const source = syntheticSource({ rows: 9, latentShape: [1, 1, 4], seed: 1 });
  const all = await source.read(null, 9), some = await source.read(4, 3);
  assertEquals(some.data, all.data.slice(16, 28));
  assertEquals([some.next, some.done, all.done], [7, false, true]);
  assertThrows(() => syntheticSource({ rows: 0 }), "Cannot make 0 rows");
});
