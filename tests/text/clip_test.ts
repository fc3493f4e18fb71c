import {
  assert,
  assertAllClose,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import { openTextEncoder } from "../../lib/text/mod.ts";
import {
  TINY_CONFIG,
  TINY_TOKENIZER,
  TINY_VOCABULARY,
  TINY_WIDTH,
  tinyClip,
  tinyProjection,
  tinyTable,
} from "./tiny_clip.ts";

type Contents = Record<string, Uint8Array | object | null>;

const FILES: Contents = {
  "text_model.onnx": tinyClip(),
  "tokenizer.json": TINY_TOKENIZER,
  "tokenizer_config.json": TINY_CONFIG,
};

/** Runs a test with a folder of CLIP's files, of which some may be changed or left out. */
async function withClip(changes: Contents, test: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries({ ...FILES, ...changes })) {
      if (content === null) continue;
      if (content instanceof Uint8Array) await Deno.writeFile(`${folder}/${name}`, content);
      else await Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(content));
    }
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What the tiny model is by definition: sums of token vectors, and the last one projected and scaled. */
function expected(tokens: string[]) {
  const sums: number[][] = [];
  for (const token of ["<|startoftext|>", ...tokens, "<|endoftext|>"]) {
    const at = TINY_VOCABULARY.indexOf(token) * TINY_WIDTH, before = sums.at(-1);
    sums.push(
      Array.from({ length: TINY_WIDTH }, (_, d) => tinyTable[at + d]! + (before?.[d] ?? 0)),
    );
  }
  const pooled = Array.from(
    { length: 512 },
    (_, j) => sums.at(-1)!.reduce((sum, x, d) => sum + x * tinyProjection[d * 512 + j]!, 0),
  );
  const length = Math.hypot(...pooled);
  return { states: sums.flat(), pooled: pooled.map((x) => x / length), used: sums.length };
}

const PROMPTS: [string, string[]][] = [
  ["Red  CHAIR", ["red</w>", "chair</w>"]],
  ["", []],
  ["dog!", ["dog</w>", "!</w>"]],
  ["reds", ["re", "d", "s</w>"]],
];

for (const mask of [true, false]) {
  const name = mask ? "with" : "without";
  Deno.test(`CLIP gives last hidden states and the projected vector, ${name} an attention mask`, () =>
    withClip({ "text_model.onnx": tinyClip({ mask }) }, async (path) => {
      const encoder = await openTextEncoder("clip", { path });
      assertEquals([encoder.name, encoder.length, encoder.tokenWidth], ["clip", 77, TINY_WIDTH]);
      const { pooled, tokens, mask } = await encoder.encode(PROMPTS.map(([prompt]) => prompt));
      PROMPTS.forEach(([, words], row) => {
        const { states, pooled: vector, used } = expected(words);
        assertAllClose(pooled.subarray(row * 512, (row + 1) * 512), vector, 1e-5, words.join(" "));
        const own = tokens.subarray(row * 77 * TINY_WIDTH, (row + 1) * 77 * TINY_WIDTH);
        assertAllClose(own.subarray(0, states.length), states, 1e-5, words.join(" "));
        assert(own.subarray(states.length).every((x) => x === 0), "zero beyond the prompt");
        const ones = mask.subarray(row * 77, (row + 1) * 77);
        assertEquals([...ones].indexOf(0), used);
      });
      await encoder.dispose();
    }));
}

Deno.test("CLIP without hidden states gives the pooled vector as its only token", () =>
  withClip({ "text_model.onnx": tinyClip({ hidden: false }) }, async (path) => {
    const encoder = await openTextEncoder("clip", { path });
    const { pooled, tokens, mask } = await encoder.encode(["red dog", "chair"]);
    assertEquals([encoder.length, encoder.tokenWidth], [1, 512]);
    assertEquals([...tokens], [...pooled]);
    assertEquals([...mask], [1, 1]);
    await encoder.dispose();
  }));

Deno.test("CLIP cuts long prompts to 77 tokens with the end kept, and takes any text", () =>
  withClip({}, async (path) => {
    const encoder = await openTextEncoder("clip", { path });
    const texts = ["red ".repeat(200), "椅子 \ud800", ...Array<string>(20).fill("dog")];
    const { pooled, mask } = await encoder.encode(texts);
    const { pooled: cut } = expected(Array<string>(75).fill("red</w>"));
    assertAllClose(pooled.subarray(0, 512), cut, 1e-4);
    assert(mask.subarray(0, 77).every((x) => x === 1));
    for (let row = 0; row < texts.length; row++) {
      assertAlmostEquals(Math.hypot(...pooled.subarray(row * 512, (row + 1) * 512)), 1, 1e-5);
    }
    // More than run at once: the last is as the first of its kind.
    assertEquals([...pooled.subarray(-512)], [...pooled.subarray(2 * 512, 3 * 512)]);
    await encoder.dispose();
  }));

Deno.test("missing, damaged and foreign files of CLIP are named", async () => {
  const refuses = (changes: Contents, message: string) =>
    withClip(changes, async (path) => {
      await assertRejects(() => openTextEncoder("clip", { path }), message);
    });
  await refuses(
    { "text_model.onnx": null },
    "text_model.onnx is missing): run `deno task data fetch clip`",
  );
  await refuses({ "tokenizer.json": null }, "tokenizer.json is missing");
  await refuses({ "text_model.onnx": new Uint8Array([1, 2, 3]) }, "ONNX Runtime cannot load it");
  await refuses({ "tokenizer.json": new Uint8Array([1]) }, "tokenizer.json: ");
  await refuses({ "tokenizer.json": { model: {} } }, "tokenizer.json: ");
  await refuses(
    { "text_model.onnx": tinyClip({ input: "ids", mask: false }) },
    "expected to take input_ids",
  );
  await refuses(
    { "text_model.onnx": tinyClip({ width: 256 }) },
    "to give text_embeds of 512 numbers",
  );
});

Deno.test("CLIP's fingerprint follows from its files", async () => {
  const found: string[] = [];
  for (const model of [tinyClip(), tinyClip(), tinyClip({ mask: false })]) {
    await withClip({ "text_model.onnx": model }, async (path) => {
      const encoder = await openTextEncoder("clip", { path });
      found.push(encoder.fingerprint);
      await encoder.dispose();
    });
  }
  assertEquals(found[0], found[1]);
  assert(found[0] !== found[2]);
});
