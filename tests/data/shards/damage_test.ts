import { join } from "node:path";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DamagedShardError, openShards } from "@course/data/shards/mod.ts";
import { verifyShards } from "@course/data/shards/verify.ts";
import { runData } from "@course/data/cli.ts";
import { indicesOf, prepareNumbered, withFolder } from "./fixtures.ts";

/** Ways of damaging the second shard, and what is then said about it. */
const DAMAGES: Record<string, [damage: (path: string) => Promise<void>, reason: RegExp]> = {
  "that is missing": [(path) => Deno.remove(path), /the file is missing/],
  "that was cut off": [(path) => Deno.truncate(path, 4000), /it is 4000 bytes long, expected \d+/],
  "with a flipped bit": [
    async (path) => {
      const bytes = await Deno.readFile(path);
      bytes[2000]! ^= 4;
      await Deno.writeFile(path, bytes);
    },
    /its SHA-256 is [0-9a-f]{12}…, expected [0-9a-f]{12}…/,
  ],
};

const FILE = "shard-00001.tar";

for (const [what, [damage, reason]] of Object.entries(DAMAGES)) {
  Deno.test(`a shard ${what} is named and refused`, () =>
    withFolder(async (folder) => {
      await prepareNumbered(folder, 150);
      await damage(join(folder, FILE));
      const error = await assertRejects(async () => {
        const stream = (await openShards(folder)).stream({ batchSize: 50, seed: 1 });
        for (let i = 0; i < 3; i++) await stream.next();
      }, `${FILE} in ${folder} is damaged`);
      assert(error instanceof DamagedShardError && reason.test(error.reason), error.message);
      assertEquals(error.file, FILE);
    }));

  Deno.test(`a shard ${what} is skipped where that is asked for, and told once`, () =>
    withFolder(async (folder) => {
      await prepareNumbered(folder, 150);
      const { manifest } = await openShards(folder), [first, second] = manifest.shards;
      await damage(join(folder, FILE));
      const told: string[] = [];
      const shards = await openShards(folder, {
        damaged: "skip",
        memory: false,
        onDamaged: ({ file }) => told.push(file),
      });
      const stream = shards.stream({ batchSize: 150 - second!.rows, seed: 1 });
      const expected = Array.from({ length: 150 }, (_, i) => i)
        .filter((i) => i < first!.rows || i >= first!.rows + second!.rows);
      for (let epoch = 0; epoch < 2; epoch++) {
        const indices = indicesOf(await stream.next());
        assertEquals(indices.sort((a, b) => a - b), expected);
      }
      assertEquals(told, [FILE]);
      assertEquals(indicesOf(await shards.read(0, 150)), expected);
    }));
}

Deno.test("a position saved while shards are skipped is restored exactly", () =>
  withFolder(async (folder) => {
    await prepareNumbered(folder, 150);
    await Deno.remove(join(folder, FILE));
    const open = async () =>
      (await openShards(folder, { damaged: "skip" })).stream({ batchSize: 20, seed: 1, window: 2 });
    const stream = await open();
    for (let i = 0; i < 4; i++) await stream.next();
    const state = stream.save(), expected = [await stream.next(), await stream.next()];
    const continued = await open();
    continued.restore(state);
    assertEquals([await continued.next(), await continued.next()], expected);
  }));

Deno.test("where all shards are damaged nothing is skipped silently", () =>
  withFolder(async (folder) => {
    await prepareNumbered(folder, 20);
    await Deno.remove(join(folder, "shard-00000.tar"));
    await assertRejects(() => openShards(folder, { damaged: "skip" }), "All shards in");
  }));

Deno.test("a manifest that is missing, unfinished or wrong is refused by what is wrong with it", () =>
  withFolder(async (folder) => {
    await prepareNumbered(folder, 60);
    const path = join(folder, "manifest.json"),
      manifest = JSON.parse(await Deno.readTextFile(path));
    const refuse = async (content: unknown, message: string) => {
      await Deno.writeTextFile(path, JSON.stringify(content));
      await assertRejects(() => openShards(folder), message);
    };
    await refuse({ ...manifest, rows: 61 }, "its shards hold 60 rows, but it counts 61");
    await refuse({ ...manifest, version: 2 }, "version is wrong");
    await refuse({ ...manifest, latentShape: [2, 2] }, "latentShape.2 is wrong");
    await refuse({ ...manifest, complete: false }, "are not finished (60 rows so far)");
    await Deno.writeTextFile(path, "{");
    await assertRejects(() => openShards(folder), "it is no JSON");
    await Deno.remove(path);
    await assertRejects(() => openShards(folder), "There are no prepared shards in");
  }));

Deno.test("a manifest of other shapes than the shards is noticed when they are read", () =>
  withFolder(async (folder) => {
    await prepareNumbered(folder, 60);
    const path = join(folder, "manifest.json");
    const text = (await Deno.readTextFile(path)).replace(/"tokenWidth": 2/, '"tokenWidth": 3');
    await Deno.writeTextFile(path, text);
    const stream = (await openShards(folder)).stream({ batchSize: 4, seed: 1 });
    await assertRejects(() => stream.next(), "expected Float16Array [");
  }));

Deno.test("`verifyShards()` and `data verify` say which shards are right and which are not", () =>
  withFolder(async (folder) => {
    await prepareNumbered(folder, 150);
    const lines: string[] = [],
      verify = () => runData(["verify", folder], (line) => lines.push(line));
    await verify();
    assertStringIncludes(lines.join("\n"), "150 rows");
    await Deno.truncate(join(folder, FILE), 10);
    const { shards } = await verifyShards(folder);
    assertEquals(shards.filter(({ damage }) => damage).map(({ file }) => file), [FILE]);
    await assertRejects(verify, `Damaged: ${FILE} (it is 10 bytes long`);
  }));
