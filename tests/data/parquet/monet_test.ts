import { join } from "node:path";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  MONET_COLUMNS,
  type MonetOptions,
  type MonetPlace,
  openMonet,
} from "@course/data/parquet/mod.ts";
import { openShards, prepareShards, type RowSource } from "@course/data/shards/mod.ts";
import { openTable } from "@course/data/parquet/rows.ts";
import { runData } from "@course/data/cli.ts";
import { contentOf, withFolder, wordEncoder } from "../shards/fixtures.ts";
import { startHub } from "./hub.ts";
import { goodRow, LATENT, monetFile, type MonetRow, type Storage } from "./monet_file.ts";

const fast = { pause: 1 };
const good = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => goodRow(from + i));

async function open(source: string, options: Partial<MonetOptions> = {}): Promise<RowSource> {
  return await openMonet({ source, latentShape: LATENT, http: fast, ...options });
}

/** All rows of a source, some at a time. */
async function readAll(source: RowSource, count = 7) {
  const ids: string[] = [], latents: number[] = [], pooled: number[] = [];
  let place: unknown = null;
  for (let done = false; !done;) {
    const block = await source.read(place, count);
    ids.push(...block.rows.map(({ id }) => id));
    latents.push(...block.data);
    pooled.push(...block.pooled ?? []);
    ({ next: place, done } = block);
  }
  await source.dispose?.();
  return { ids, latents, pooled, place: place as MonetPlace };
}

async function withFile(
  rows: readonly MonetRow[],
  test: (path: string) => Promise<void>,
  options: Parameters<typeof monetFile>[1] = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const path = join(folder, "rows.parquet");
    await Deno.writeFile(path, monetFile(rows, options));
    await test(path);
  });
}

for (const storage of ["float16 list", "float32 list", "float16 bytes"] satisfies Storage[]) {
  Deno.test(`latents and vectors stored as ${storage} come channel-last, scaled and of length 1`, () =>
    withFile(good(25), async (path) => {
      const source = await open(path, { vectors: "column", latentScale: 0.5 });
      assertEquals(source.holds.shape, [2, 2, 3]);
      const { ids, latents, pooled } = await readAll(source);
      assertEquals(ids, good(25).map(({ id }) => id));
      // Row 3 counts from 3: channel c of pixel p holds 3 + 4c + p.
      const expected = [0, 1, 2, 3].flatMap((p) => [0, 4, 8].map((c) => (3 + c + p) / 2));
      assertEquals(latents.slice(36, 48), expected);
      assertEquals(pooled.slice(3 * 512, 4 * 512).indexOf(1), 3);
      assertAlmostEquals(Math.hypot(...pooled.slice(24 * 512, 25 * 512)), 1);
    }, { storage }));
}

Deno.test("large groups of rows come whole, with page indexes and without", async () => {
  const rows = good(400).map((row, i) => i % 3 === 0 ? { ...row, side: 1 } : row);
  for (const offsetIndex of [true, false]) {
    await withFile(rows, async (path) => {
      const { groups } = await openTable((await Deno.readFile(path)).buffer);
      assertEquals(groups.map(({ to, divisible }) => [to, divisible.has(MONET_COLUMNS.latent)]), [
        [350, offsetIndex],
        [400, false], // Only one page.
      ]);
      const { ids, latents } = await readAll(await open(path), 64);
      const kept = rows.filter(({ side }) => side !== 1);
      assertEquals(ids, kept.map(({ id }) => id));
      // The first number of a latent is the row's index.
      assertEquals(ids.map((_, i) => latents[i * 12]), kept.map(({ latent }) => latent![0]));
    }, { rowGroupSize: 350, offsetIndex, imageBytes: 10, pageSize: 4096 });
  }
});

Deno.test("vectors keep their length where that is asked for", () =>
  withFile(good(2), async (path) => {
    const { pooled } = await readAll(await open(path, { vectors: "column", normalise: false }));
    assertEquals(pooled[512 + 1], 4);
  }));

Deno.test("each filter leaves out what it should, at its border too, and counts why", () =>
  withFile([
    goodRow(0, { aesthetic: 5.5 }),
    goodRow(1, { aesthetic: 5.49 }),
    goodRow(2, { nsfw: 0.3 }),
    goodRow(3, { watermark: 0.21 }),
    goodRow(4, { aspect: 0.7 }),
    goodRow(5, { aspect: 1.34 }),
    goodRow(6, { aspect: 1.33 }),
    goodRow(7, { side: 511 }),
    goodRow(8, { side: 512 }),
    goodRow(9, { aesthetic: null }),
    goodRow(10, { caption: "  " }),
    goodRow(11, { caption: null }),
    goodRow(12, { latent: null }),
    goodRow(13, { latent: [1, 2, 3] }),
    goodRow(14, { latent: Array(12).fill(NaN) }),
    goodRow(15, { aesthetic: 1, nsfw: 1, watermark: 1 }),
    goodRow(16),
  ], async (path) => {
    const { ids, place } = await readAll(await open(path), 3);
    assertEquals(ids, ["row-0", "row-6", "row-8", "row-16"]);
    assertEquals([place.scanned, place.kept], [17, 4]);
    assertEquals(place.refused, {
      "aesthetic below 5.5": 2,
      "nsfw above 0.2": 1,
      "watermark above 0.2": 1,
      "aspect below 0.75": 1,
      "aspect above 1.33": 1,
      "side below 512": 1,
      "no aesthetic value": 1,
      "no caption": 2,
      "no latent of 12 numbers": 3,
    });
  }));

Deno.test("filters can be set and switched off", () =>
  withFile(
    [goodRow(0, { aesthetic: 3 }), goodRow(1, { aesthetic: 5 }), goodRow(2, { side: 9 })],
    async (path) => {
      const kept = async (filters: MonetOptions["filters"]) =>
        (await readAll(await open(path, { filters: filters! }))).ids;
      assertEquals(await kept({ aesthetic: 4 }), ["row-1"]);
      assertEquals(await kept({ aesthetic: null, side: null }), ["row-0", "row-1", "row-2"]);
    },
  ));

Deno.test("no more rows are kept, or looked at, than asked for", () =>
  withFile(good(25), async (path) => {
    const source = await open(path, { max: 12 });
    assertEquals(source.size, 12);
    const { ids, place } = await readAll(source, 5);
    assertEquals([ids.length, place.kept, place.scanned], [12, 12, 12]);
  }));

Deno.test("any place gives the same rows again, in any order, across files and row groups", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "more"));
    await Deno.writeFile(join(folder, "a.parquet"), monetFile(good(23)));
    await Deno.writeFile(join(folder, "more", "b.parquet"), monetFile(good(8, 23)));
    await Deno.writeTextFile(join(folder, "notes.txt"), "no parquet");
    const source = await open(folder), blocks = [];
    let place: unknown = null;
    for (let done = false; !done;) {
      const block = await source.read(place, 4);
      blocks.push({ place, block });
      ({ next: place, done } = block);
    }
    assertEquals(
      blocks.flatMap(({ block }) => block.rows.map(({ id }) => id)),
      good(31).map((row) => row.id),
    );
    for (const { place, block } of blocks.reverse()) {
      assertEquals(await source.read(JSON.parse(JSON.stringify(place)), 4), block);
    }
    await source.dispose?.();
  }));

Deno.test("a dataset of the hub is read in parts, and images are never fetched", async () => {
  const file = monetFile(good(40)), second = monetFile(good(20, 40));
  await using hub = startHub({
    "data/a.parquet": file,
    "data/b.parquet": second,
    "README.md": file,
  }, 1);
  const { ids } = await readAll(await open(`${hub.origin}/datasets/owner/set`));
  assertEquals(ids, good(60).map(({ id }) => id));
  // 40 images of 20,000 bytes are in the file; what is needed is a small part of it.
  assert(file.length > 800_000 && hub.sent["data/a.parquet"]! < 0.2 * file.length);
  assertEquals(hub.sent["README.md"], undefined);
  const pages = hub.asked.filter((path) => path.startsWith("/api/"));
  assertEquals(pages.length, 3);
});

Deno.test("a folder of a dataset, and a single file, are found by their address", async () => {
  await using hub = startHub({
    "one/a.parquet": monetFile(good(3)),
    "two/b.parquet": monetFile(good(2, 5)),
  });
  const read = async (path: string) => (await readAll(await open(`${hub.origin}/${path}`))).ids;
  assertEquals(await read("datasets/owner/set/tree/main/two"), ["row-5", "row-6"]);
  assertEquals(await read("datasets/owner/set/resolve/main/one/a.parquet"), [
    "row-0",
    "row-1",
    "row-2",
  ]);
  await assertRejects(
    () => open(`${hub.origin}/something`),
    "expected the address of a .parquet file",
  );
});

Deno.test("a busy server is asked again, one that says no is named", async () => {
  await using hub = startHub({ "a.parquet": monetFile(good(12)) });
  let busy = 0;
  hub.interfere = () => ++busy % 3 === 0 ? new Response("busy", { status: 503 }) : undefined;
  const source = `${hub.origin}/datasets/owner/set/resolve/main/a.parquet`;
  assertEquals(
    (await readAll(await open(source))).ids.length,
    12,
  );
  hub.interfere = () => new Response("busy", { status: 503 });
  await assertRejects(() => readAll2(source), "a.parquet: answered 503");
  hub.interfere = () => new Response("no", { status: 401 });
  const before = hub.asked.length;
  await assertRejects(() => readAll2(source), "a.parquet: answered 401");
  assertEquals(hub.asked.length, before + 1);
  hub.interfere = (request) => request.headers.has("range") ? new Response("all of it") : undefined;
  await assertRejects(() => readAll2(source), "the server does not send parts of files");
  async function readAll2(source: string) {
    return await readAll(await open(source));
  }
});

Deno.test("a column that is missing is named, with those that are there", () =>
  withFile(good(2), async (path) => {
    const with_ = async (columns: MonetOptions["columns"]) =>
      await readAll(await open(path, { columns: columns! }));
    await assertRejects(
      () => with_({ aesthetic: "aesthetic_jasperay" }),
      'There is no column "aesthetic_jasperay" in rows.parquet: did you mean "aesthetic_jasperai"?',
    );
    await assertRejects(() => with_({ latent: "z" }), `It has ${MONET_COLUMNS.id}, `);
    // A missing id is none: rows are named by where they are.
    assertEquals((await with_({ id: "key" })).ids, ["rows.parquet:0", "rows.parquet:1"]);
  }));

Deno.test("files that are no parquet, and folders without any, are refused by name", () =>
  withFolder(async (folder) => {
    await assertRejects(() => open(folder), `There are no parquet files in ${folder}`);
    await assertRejects(() => open(join(folder, "gone")), `Cannot read ${folder}`);
    const path = join(folder, "a.parquet");
    await Deno.writeTextFile(path, "this is no parquet file at all");
    await assertRejects(async () => await readAll(await open(path)), "Cannot read a.parquet: ");
  }));

Deno.test("rows from the hub become shards, and stopped anywhere end as the same bytes", () =>
  withFolder(async (folder) => {
    const rows = good(60).map((row, i) => i % 4 === 3 ? { ...row, aesthetic: 2 } : row);
    await using hub = startHub({
      "a.parquet": monetFile(rows),
      "b.parquet": monetFile(good(20, 60)),
    });
    const prepare = async (out: string, stop = Infinity) => {
      const source = await open(`${hub.origin}/datasets/owner/set`, { max: 50, latentScale: 0.1 });
      const controller = new AbortController();
      await prepareShards(source, {
        folder: join(folder, out),
        encoder: wordEncoder().encoder,
        targetBytes: 8_000,
        blockRows: 4,
        signal: controller.signal,
        onProgress: (progress) => progress.rows >= stop && controller.abort(new Error("stopped")),
      }).finally(() => source.dispose?.());
    };
    await prepare("whole");
    for (const stop of [5, 17, 30, 48]) {
      await assertRejects(() => prepare("stopped", stop), "stopped");
    }
    await Deno.remove(join(folder, "stopped", "shard-00001.tar"));
    await prepare("stopped");
    assertEquals(await contentOf(join(folder, "stopped")), await contentOf(join(folder, "whole")));

    const shards = await openShards(join(folder, "whole"));
    assertEquals([shards.rows, ...shards.layout.latentShape], [50, 2, 2, 3]);
    const { captions, latents } = await shards.read(3, 1);
    assertEquals(captions, ["picture number 4"]);
    assertAlmostEquals(latents[1]!, 0.8, 1e-3);
    const place = shards.manifest.next as MonetPlace;
    assertEquals([place.kept, place.refused["aesthetic below 5.5"]], [50, 15]);
  }));

Deno.test("`data prepare monet` says what was kept and why the rest was not", () =>
  withFile([...good(9), goodRow(9, { aesthetic: 1 })], async (path) => {
    const lines: string[] = [], out = join(path, "..", "shards");
    const run = (...args: string[]) =>
      runData(
        ["prepare", "monet", "--source", path, "--latent-shape", "3,2,2", ...args],
        (line) => lines.push(line),
      );
    await run("--text", "column", "--out", out);
    const text = lines.join("\n");
    assertStringIncludes(text, "10 rows looked at, 9 kept");
    assertStringIncludes(text, "1 left out: aesthetic below 5.5");
    assertEquals((await openShards(out)).rows, 9);
    await assertRejects(() => run("--aspect", "wide"), "expected two numbers, as in 0.75-1.33");
    await assertRejects(() => run("--column", "capton=text"), "did you mean caption?");
    await assertRejects(() => run("--latent-shape", "3"), "given twice");
    await assertRejects(() => runData(["prepare", "monet"]), "Name where rows come from");
  }));
