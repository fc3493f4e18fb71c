import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  datasetSource,
  mixStreams,
  openShards,
  prepareShards,
  type Shards,
} from "@course/data/shards/mod.ts";
import { indicesOf, numbered, prepareNumbered, withFolder } from "./fixtures.ts";

const range = (size: number) => Array.from({ length: size }, (_, n) => n);
const sorted = (numbers: number[]) => [...numbers].sort((a, b) => a - b);

async function withShards(size: number, test: (shards: Shards, folder: string) => Promise<void>) {
  await withFolder(async (folder) => {
    await prepareNumbered(folder, size);
    await test(await openShards(folder), folder);
  });
}

async function take(stream: { next(): Promise<Parameters<typeof indicesOf>[0]> }, count: number) {
  const taken: number[] = [];
  for (let i = 0; i < count; i++) taken.push(...indicesOf(await stream.next()));
  return taken;
}

Deno.test("a stream gives every row exactly once per epoch, in a new order each time", () =>
  withShards(250, async (shards) => {
    for (const window of [1, 2, 4, 100]) {
      const stream = shards.stream({ batchSize: 10, seed: 3, window });
      const first = await take(stream, 25), second = await take(stream, 25);
      assertEquals(sorted(first), range(250));
      assertEquals(sorted(second), range(250));
      assert(first.join() !== second.join());
      assert(first.join() !== range(250).join());
    }
  }));

Deno.test("a stream mixes rows of neighbouring shards, and shards among all", () =>
  withShards(400, async (shards) => {
    const { manifest } = shards, ends: number[] = [];
    for (const { rows } of manifest.shards) ends.push((ends.at(-1) ?? 0) + rows);
    assert(ends.length >= 8);
    const shardOf = (index: number) => ends.findIndex((end) => index < end);
    const order = await take(shards.stream({ batchSize: 20, seed: 1, window: 3 }), 2);
    const touched = new Set(order.map(shardOf));
    assertEquals(touched.size, 3, "a window of three shards is mixed");
    const other = await take(shards.stream({ batchSize: 20, seed: 2, window: 3 }), 2);
    assert([...new Set(other.map(shardOf))].some((shard) => !touched.has(shard)));
  }));

Deno.test("a batch in which an epoch ends is filled up from the next one", () =>
  withShards(50, async (shards) => {
    const order = await take(shards.stream({ batchSize: 20, seed: 1 }), 5);
    assertEquals(sorted(order.slice(0, 50)), range(50));
    assertEquals(sorted(order.slice(50)), range(50));
  }));

Deno.test("`restore()` continues a stream exactly where `save()` was, within and across epochs", () =>
  withShards(150, async (shards) => {
    const options = { batchSize: 16, seed: 9, window: 2 };
    for (const before of [0, 1, 5, 9, 10, 19, 40]) {
      const stream = shards.stream(options);
      await take(stream, before);
      const state = JSON.parse(JSON.stringify(stream.save()));
      const expected = await take(stream, 12);
      const continued = shards.stream(options);
      await take(continued, 3);
      continued.restore(state);
      assertEquals(await take(continued, 12), expected);
    }
  }));

Deno.test("a stream gives the same order with and without memory, and another for another seed", () =>
  withShards(200, async (_, folder) => {
    const order = async (memory: boolean, seed: number) =>
      await take((await openShards(folder, { memory })).stream({ batchSize: 16, seed }), 30);
    assertEquals(await order(true, 1), await order(false, 1));
    assert((await order(true, 1)).join() !== (await order(true, 2)).join());
  }));

Deno.test("a stream refuses positions of other rows, and batch sizes that are none", () =>
  withShards(30, (shards) => {
    const stream = shards.stream({ batchSize: 4, seed: 1 }), state = stream.save();
    const refuse = (change: object, message: string) =>
      assertThrows(() => stream.restore({ ...state, ...change }), message);
    refuse({ fingerprint: "other" }, "the position was saved for other");
    refuse({ seed: 2 }, "the position was saved for 2");
    refuse({ window: 1 }, "Cannot continue with window 4");
    refuse({ position: 31 }, "the position at most 30");
    assertThrows(() => shards.stream({ batchSize: 0, seed: 1 }), "batch size of 0");
    return Promise.resolve();
  }));

Deno.test("`mixStreams()` draws rows with the weights of each call and loses none", () =>
  withShards(100, async (shards) => {
    const mixed = () =>
      mixStreams({
        one: shards.stream({ batchSize: 1, seed: 1 }),
        two: shards.stream({ batchSize: 1, seed: 2 }),
      }, { seed: 5, batchSize: 100 });
    const alone = await take(shards.stream({ batchSize: 100, seed: 1 }), 1);
    assertEquals(indicesOf(await mixed().next({ one: 1 })), alone);

    // Of 4,000 draws with one third, 1,333 ± 30 are expected; what is left of the epoch says how many came.
    const mix = mixed();
    for (let i = 0; i < 40; i++) await mix.next({ one: 1, two: 2 });
    const { one } = mix.save().streams;
    assertAlmostEquals((one!.epoch * 100 + one!.position) / 4000, 1 / 3, 0.03);
    await assertRejects(() => mix.next({ one: 0 }), "Cannot mix with weights");
    await assertRejects(
      () => mix.next({ three: 1 } as object),
      "expected numbers from 0 for one, two",
    );
  }));

Deno.test("`mixStreams()` is restored with its streams and its draws", () =>
  withShards(100, async (shards) => {
    const mixed = () =>
      mixStreams({
        one: shards.stream({ batchSize: 1, seed: 1 }),
        two: shards.stream({ batchSize: 1, seed: 2 }),
      }, { seed: 5, batchSize: 16 });
    const mix = mixed();
    for (let i = 0; i < 9; i++) await mix.next({ one: i, two: 3 });
    const state = JSON.parse(JSON.stringify(mix.save()));
    const expected = [await mix.next(), await mix.next({ two: 1 })];
    const continued = mixed();
    continued.restore(state);
    assertEquals([await continued.next(), await continued.next({ two: 1 })], expected);
  }));

Deno.test("`mixStreams()` refuses streams whose rows have different shapes", () =>
  withFolder(async (folder) => {
    await prepareNumbered(`${folder}/latents`, 10);
    await prepareShards(datasetSource(numbered(10)), { folder: `${folder}/pixels` });
    const stream = async (name: string) =>
      (await openShards(`${folder}/${name}`)).stream({ batchSize: 1, seed: 1 });
    const streams = { latents: await stream("latents"), pixels: await stream("pixels") };
    assertThrows(
      () => mixStreams(streams, { seed: 1, batchSize: 4 }),
      "Cannot mix latents (latents [2, 2, 4], 5 tokens of 2) with pixels (latents [4, 4, 3], no texts)",
    );
  }));

Deno.test("shards at the end can be kept aside: no stream meets their rows", () =>
  withShards(150, async (whole, folder) => {
    const rest = await openShards(folder, { except: 2 });
    const aside = whole.manifest.shards.slice(-2).reduce((sum, { rows }) => sum + rows, 0);
    assertEquals(rest.rows, 150 - aside);
    const order = await take(rest.stream({ batchSize: rest.rows, seed: 1 }), 2);
    assertEquals(sorted(order.slice(0, rest.rows)), range(rest.rows));
    assert(rest.fingerprint !== whole.fingerprint);
    assertThrows(() =>
      rest.stream({ batchSize: 1, seed: 1 }).restore(
        whole.stream({ batchSize: 1, seed: 1 }).save(),
      ), "the position was saved for");
  }));
