import { join } from "node:path";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { datasetSource, openShards, prepareShards, readManifest } from "@course/data/shards/mod.ts";
import {
  captionOf,
  contentOf,
  halvingCodec,
  numbered,
  prepareNumbered,
  withFolder,
  wordEncoder,
} from "./fixtures.ts";

Deno.test("prepared rows come back with the latents, texts, captions and labels they were made of", () =>
  withFolder(async (folder) => {
    const dataset = numbered(100), { encoder, asked } = wordEncoder(), codec = halvingCodec();
    await prepareShards(datasetSource(dataset), {
      folder,
      codec,
      encoder,
      targetBytes: 5_000,
      blockRows: 8,
    });
    const shards = await openShards(folder);
    assert(shards.manifest.shards.length >= 3);
    assertEquals(shards.rows, 100);
    assertEquals(shards.layout.latentShape, [2, 2, 4]);

    const batch = await shards.read(0, 100);
    assertEquals(batch.captions, Array.from({ length: 100 }, (_, i) => captionOf(i)));
    assertEquals([...batch.labels], Array.from({ length: 100 }, (_, i) => i % 2));
    assertEquals(batch.ids[42], "numbered-000042");
    for (const i of [0, 41, 99]) {
      const value = i / 127.5 - 1, latent = batch.latents.subarray(i * 16, i * 16 + 16);
      assertAlmostEquals(latent[0]!, value, 5e-4);
      assertAlmostEquals(latent[15]!, 3 * value, 2e-3);
    }
    // "a red dog": words of 1, 3 and 3 letters, then padding.
    const i = 41, ten = i * 5 * 2;
    assertEquals([...batch.tokens.subarray(ten, ten + 10)], [1, 1, 3, 2, 3, 3, 0, 0, 0, 0]);
    assertEquals([...batch.mask.subarray(i * 5, i * 5 + 5)], [1, 1, 1, 0, 0]);
    assertEquals(batch.pooled.subarray(i * 512, (i + 1) * 512).indexOf(1), "a red dog".length);
    // Each distinct caption once per shard.
    assertEquals(asked.length, 3 * shards.manifest.shards.length);
  }));

Deno.test("`read()` gives any range across shards, and refuses rows that are not there", () =>
  withFolder(async (folder) => {
    await prepareNumbered(folder, 100);
    const shards = await openShards(folder);
    const { ids } = await shards.read(20, 50);
    assertEquals([ids.length, ids[0], ids[49]], [50, "numbered-000020", "numbered-000069"]);
    await assertRejects(() => shards.read(90, 11), "Cannot read 11 rows from 90");
  }));

Deno.test("without codec and encoder rows hold pixels and class names, exact to the byte", () =>
  withFolder(async (folder) => {
    const { captions: _, ...dataset } = numbered(40);
    await prepareShards(datasetSource(dataset), { folder });
    const { layout, read } = await openShards(folder), batch = await read(0, 40);
    assertEquals(layout, { latentShape: [4, 4, 3], text: null });
    assertEquals([batch.pooled.length, batch.tokens.length, batch.mask.length], [0, 0, 0]);
    assertEquals(batch.captions.slice(0, 2), ["even", "odd"]);
    const bytes = batch.latents.map((value) => Math.round((value + 1) * 127.5));
    assertEquals([...bytes], [...dataset.images]);
  }));

Deno.test("statistics hold what can be worked out by hand", () =>
  withFolder(async (folder) => {
    await prepareNumbered(folder, 90);
    const statistics = JSON.parse(await Deno.readTextFile(join(folder, "statistics.json")));
    const values = Array.from({ length: 90 }, (_, i) => i / 127.5 - 1);
    const mean = values.reduce((sum, value) => sum + value, 0) / 90;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 90);
    for (const [c, factor] of [1, 1, 1, 3].entries()) {
      assertAlmostEquals(statistics.latent.mean[c], factor * mean, 1e-3);
      assertAlmostEquals(statistics.latent.deviation[c], factor * deviation, 1e-3);
    }
    assertEquals(statistics.pooledNorm, { least: 1, mean: 1, most: 1 });
    assertEquals(statistics.captions.words, { least: 1, mean: 1.66667, most: 3 }, "words");
    assertEquals(statistics.labels, { 0: 45, 1: 45 });
  }));

Deno.test("the same rows give the same bytes, whenever they are prepared", () =>
  withFolder(async (folder) => {
    for (const name of ["one", "two"]) await prepareNumbered(join(folder, name), 60);
    assertEquals(await contentOf(join(folder, "one")), await contentOf(join(folder, "two")));
  }));

Deno.test("stopped anywhere, preparing goes on where it was and ends with the same bytes", () =>
  withFolder(async (folder) => {
    await prepareNumbered(join(folder, "whole"), 100);
    const stops = [0, 8, 40, 48, 96, 100];
    for (const stop of stops) {
      const controller = new AbortController();
      await assertRejects(() =>
        prepareShards(datasetSource(numbered(100)), {
          folder: join(folder, "stopped"),
          codec: halvingCodec(),
          encoder: wordEncoder().encoder,
          targetBytes: 5_000,
          blockRows: 8,
          signal: controller.signal,
          onProgress: ({ rows }) => rows >= stop && controller.abort(new Error("stopped")),
        }), "stopped");
      await assertRejects(() => openShards(join(folder, "stopped")), "");
    }
    await prepareNumbered(join(folder, "stopped"), 100);
    assertEquals(await contentOf(join(folder, "stopped")), await contentOf(join(folder, "whole")));
  }));

Deno.test("shards that are missing, cut or altered are made again, the others are kept", () =>
  withFolder(async (folder) => {
    await prepareNumbered(folder, 150);
    const whole = await contentOf(folder);
    await Deno.remove(join(folder, "shard-00001.tar"));
    await Deno.truncate(join(folder, "shard-00002.tar"), 5000);
    const altered = whole["shard-00000.tar"]!.slice();
    altered[3000]! ^= 1;
    await Deno.writeFile(join(folder, "shard-00000.tar"), altered);
    const repaired: string[] = [];
    await prepareNumbered(folder, 150, { onRepaired: ({ file }) => repaired.push(file) });
    assertEquals(repaired, [0, 1, 2].map((i) => `shard-0000${i}.tar`));
    assertEquals(await contentOf(folder), whole);
  }));

Deno.test("a folder that was made from something else is refused by what differs", () =>
  withFolder(async (folder) => {
    await prepareNumbered(folder, 30);
    const into = (size: number, codec: string, blockRows = 8) =>
      prepareShards(datasetSource(numbered(size)), {
        folder,
        codec: halvingCodec(codec),
        encoder: wordEncoder().encoder,
        targetBytes: 5_000,
        blockRows,
      });
    await assertRejects(
      () => into(31, "halving"),
      "it was made with dataset numbered 30, now numbered 31 is asked for",
    );
    await assertRejects(() => into(30, "other"), "made with codec halving 1, now other 1");
    await assertRejects(() => into(30, "halving", 9), "made with blockRows 8, now 9");
    await into(30, "halving");
  }));

Deno.test("two at once prepare a folder one after the other", () =>
  withFolder(async (folder) => {
    await Promise.all([prepareNumbered(folder, 100), prepareNumbered(folder, 100)]);
    assertEquals((await readManifest(folder))!.rows, 100);
    const names = Object.keys(await contentOf(folder)).filter((name) => !name.endsWith(".tar"));
    assertEquals(names, ["manifest.json", "statistics.json"]);
  }));

Deno.test("rows that are not finite or of another shape are refused by name", () =>
  withFolder(async (folder) => {
    const codec = (spoil: (latents: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer>) => ({
      ...halvingCodec(),
      encode: async (...args: Parameters<ReturnType<typeof halvingCodec>["encode"]>) =>
        spoil(await halvingCodec().encode(...args)),
    });
    const source = datasetSource(numbered(10));
    await assertRejects(
      () => prepareShards(source, { folder, codec: codec((x) => (x[17] = NaN, x)) }),
      "Cannot prepare numbered-000001: one of its numbers is NaN",
    );
    await assertRejects(
      () => prepareShards(source, { folder, codec: codec((x) => x.slice(1)) }),
      "expected [10, 2, 2, 4]",
    );
  }));
