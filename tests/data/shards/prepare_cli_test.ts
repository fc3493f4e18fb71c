import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { runData } from "@course/data/cli.ts";
import { openShards, prepareCached } from "@course/data/shards/mod.ts";
import { prepareProgress } from "@course/data/shards/progress.ts";
import { pictureAt } from "@course/data/pictures/mod.ts";
import { openTextEncoder } from "@course/text/mod.ts";
import { contentOf, withFolder } from "./fixtures.ts";

async function output(...args: string[]): Promise<string> {
  const lines: string[] = [];
  await runData(["prepare", ...args], (line) => lines.push(line));
  return lines.join("\n");
}

Deno.test("`data prepare pictures` writes the pictures, captions and facts of their dataset", () =>
  withFolder(async (out) => {
    const text = await output(
      ...["pictures", "--stage", "attributes", "--count", "70", "--image-size", "16"],
      ...["--seed", "3", "--codec", "none", "--text", "bag-of-words", "--out", out],
    );
    assertStringIncludes(text, "70 rows in 1 shard,");
    const { read, layout } = await openShards(out), batch = await read(60, 10);
    assertEquals(layout.latentShape, [16, 16, 3]);
    const expected = await pictureAt(65, { stage: "attributes", imageSize: 16, seed: 3 });
    assertEquals(batch.captions[5], expected.caption);
    assertEquals(batch.facts[5], expected.facts);
    const bytes = batch.latents.slice(5 * 768, 6 * 768).map((value) => (value + 1) * 127.5);
    assertEquals([...bytes].map(Math.round), [...expected.image]);
    // The text vectors are those of the encoder, but for half precision.
    const encoder = await openTextEncoder("bag-of-words");
    const { tokens, mask } = await encoder.encode([expected.caption]), size = tokens.length;
    assertEquals([...batch.mask.slice(5 * mask.length, 6 * mask.length)], [...mask]);
    const stored = batch.tokens.subarray(5 * size, 6 * size);
    assert(stored.every((value, i) => Math.abs(value - tokens[i]!) < 2e-3));
    assertStringIncludes(
      await output(
        ...["pictures", "--stage", "attributes", "--count", "70", "--image-size", "16"],
        ...["--seed", "3", "--codec", "none", "--text", "bag-of-words", "--out", out],
      ),
      "All were there before",
    );
  }));

Deno.test("`data prepare digits` and `synthetic` need neither codec nor texts", () =>
  withFolder(async (out) => {
    await output("digits", "--count", "30", "--out", `${out}/digits`);
    const digits = await openShards(`${out}/digits`);
    assertEquals(digits.layout, { latentShape: [28, 28, 1], text: null });
    const { captions, labels } = await digits.read(0, 12);
    assertEquals([captions[11], labels[11]], ["1", 1]);
    await output("synthetic", "--count", "9", "--latent-shape", "4,4,8", "--out", `${out}/random`);
    assertEquals((await openShards(`${out}/random`)).layout.latentShape, [4, 4, 8]);
  }));

Deno.test("`prepareCached()` prepares once, for other settings elsewhere, and repairs what is missing", () =>
  withFolder(async (root) => {
    let made = 0;
    const prepare = (size: number) =>
      prepareCached({ dataset: "digits", data: { size }, root, onProgress: () => made++ });
    const folder = await prepare(40), before = await contentOf(folder);
    made = 0;
    assertEquals(await prepare(40), folder);
    assertEquals(made, 0);
    assert(await prepare(41) !== folder);
    await Deno.remove(`${folder}/shard-00000.tar`);
    assertEquals(await prepare(40), folder);
    assertEquals(await contentOf(folder), before);
  }));

Deno.test("`data prepare` refuses what it does not know in a sentence", async () => {
  const refused: [args: string[], message: string][] = [
    [[], "Name what to prepare"],
    [["picturs"], 'There is no dataset "picturs": did you mean "pictures"?'],
    [["pictures", "--stage", "noun"], "did you mean nouns?"],
    [["pictures", "--count", "0"], "expected a whole number from 1"],
    [["pictures", "--codec", "nope"], 'There is no codec "nope"'],
    [["digits", "--text", "nope"], 'There is no text encoder "nope"'],
    [["digits", "--shard-mb", "0"], "expected a number above 0"],
    [["digits", "--split", "test"], "splits are train and heldout"],
    [["synthetic", "--latent-shape", "4,4"], "expected height,width,channels"],
    [["synthetic", "--text", "bag-of-words"], "its rows bring text vectors"],
  ];
  for (const [args, message] of refused) await assertRejects(() => output(...args), message);
});

Deno.test("progress is one line on a terminal, and a few lines elsewhere", () => {
  const show = (terminal: boolean, of: number | undefined) => {
    const written: string[] = [];
    let time = 0;
    const output = { write: (text: string) => void written.push(text), terminal, columns: 80 };
    const progress = prepareProgress(output, () => time);
    for (let rows = 0; rows <= 1000; rows += 10) {
      time += 50;
      progress.show({ rows, of, before: 0, shards: 1 });
    }
    progress.end();
    return written;
  };
  const terminal = show(true, 1000), lines = show(false, 1000);
  assert(terminal.length > 40 && terminal.every((text) => /^\r|^\n$/.test(text)));
  assertStringIncludes(terminal.at(-2)!, "1,000 of 1,000 rows  1 shards  198 rows/s  0:00 left");
  assertEquals(terminal.at(-1), "\n");
  assertEquals(lines.length, 11);
  assertStringIncludes(lines[5]!, "500 of 1,000 rows");
  assertStringIncludes(show(true, undefined).at(-2)!, "rows  1 shards");
});
