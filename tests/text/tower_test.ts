import { assert, assertAllClose, assertEquals, assertRejects } from "@std/assert";
import { compile, openDevice } from "../../lib/engine/mod.ts";
import { imageTower } from "../../lib/models/image_tower.ts";
import { textTower } from "../../lib/models/text_tower.ts";
import { addPrefix, initialise } from "../../lib/nn/mod.ts";
import { createRandom, normals } from "../../lib/random.ts";
import { float32, type HostRecord, int32 } from "../../lib/tensors.ts";
import {
  buildVocabulary,
  createTokenizer,
  openImageTower,
  openTextEncoder,
} from "../../lib/text/mod.ts";
import { towerFiles } from "../../lib/training/tower_export.ts";

const device = await openDevice("cpu");
const tokenizer = createTokenizer(buildVocabulary(["a red chair on blue", "two horses"]), 10);
const text = textTower({
  vocabulary: tokenizer.vocabulary.length,
  length: 10,
  width: 16,
  depth: 2,
  heads: 2,
});
const images = imageTower({ imageShape: [32, 32, 3], width: 8 });
const textWeights = halves(initialise(text.params, createRandom(1)));
const imageWeights = halves(initialise(images.params, createRandom(2)));
const card = {
  what: "a test",
  command: "deno task train text",
  commit: null,
  step: 1,
  minutes: 1,
  machine: "a test",
  trained_on: "nothing",
  fingerprint: "nothing",
  heldout: {},
};
const files = towerFiles({
  text,
  images,
  imageWidth: 8,
  tokenizer,
  weights: { ...addPrefix(textWeights, "text"), ...addPrefix(imageWeights, "images") },
}, card);

/** The numbers that half precision keeps. */
function halves(params: HostRecord): HostRecord {
  return Object.fromEntries(
    Object.entries(params).map(([name, { shape, data }]) => {
      return [name, float32(shape, new Float32Array(new Float16Array(data)))];
    }),
  );
}

/** Writes the files of the towers, of which some may be changed, and runs a test with their folder. */
async function withTowers(
  test: (path: string) => Promise<void>,
  changes: Record<string, Uint8Array | null> = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries<Uint8Array | null>({ ...files, ...changes })) {
      if (bytes) await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const PROMPTS = ["a red chair on blue", "", "two horses", "椅子!", "red ".repeat(30)];

Deno.test("the text tower's ONNX file computes what our engine computes", () =>
  withTowers(async (path) => {
    const encoder = await openTextEncoder("tower", { path });
    const found = await encoder.encode(PROMPTS);
    assertEquals([encoder.length, encoder.tokenWidth], [10, 16]);
    const ids = int32([PROMPTS.length, 10], tokenizer.encode(PROMPTS));
    const program = await compile(
      device,
      ({ ids, ...params }) => ({
        ...text.apply(params, ids!),
      }),
      { ids },
      { constants: textWeights },
    );
    const expected = await program.run({ ids });
    for (const name of ["pooled", "tokens", "mask"] as const) {
      assertAllClose(found[name], expected[name]!.data, 1e-4, name);
    }
    await program.dispose();
    await encoder.dispose();
  }));

Deno.test("a prompt has the same vectors alone and among many", () =>
  withTowers(async (path) => {
    const encoder = await openTextEncoder("tower", { path });
    // More than the file takes at once.
    const many = Array.from({ length: 37 }, (_, i) => PROMPTS[i % PROMPTS.length]!);
    const { pooled, tokens, mask } = await encoder.encode(many);
    const alone = await encoder.encode([many[36]!]);
    assertAllClose(pooled.subarray(36 * 512), alone.pooled, 1e-5);
    assertAllClose(tokens.subarray(36 * 160), alone.tokens, 1e-5);
    assertEquals([...mask.subarray(36 * 10)], [...alone.mask]);
    assertEquals((await encoder.encode([])).pooled.length, 0);
    await encoder.dispose();
  }));

Deno.test("the fingerprint follows from the weights and the vocabulary", () =>
  withTowers(async (path) => {
    const fingerprint = async () => {
      const encoder = await openTextEncoder("tower", { path });
      await encoder.dispose();
      return encoder.fingerprint;
    };
    const before = await fingerprint();
    assertEquals(await fingerprint(), before);
    const about = JSON.parse(await Deno.readTextFile(`${path}/tower.json`));
    about.vocabulary.reverse();
    about.vocabulary.unshift("<pad>", "<unknown>", "<start>", "<end>");
    await Deno.writeTextFile(`${path}/tower.json`, JSON.stringify(about));
    assert(await fingerprint() !== before);
  }));

Deno.test("the image tower's file computes what our engine computes", () =>
  withTowers(async (path) => {
    const encoder = await openImageTower(device, { path });
    const pictures = normals(createRandom(5), 35 * 32 * 32 * 3);
    const found = await encoder.encode(pictures);
    const last = pictures.slice(34 * 32 * 32 * 3);
    const program = await compile(
      device,
      ({ x, ...params }) => ({
        vectors: images.apply(params, x!),
      }),
      { x: { shape: [1, 32, 32, 3], dtype: "float32" } },
      { constants: imageWeights },
    );
    const expected = await program.run({ x: float32([1, 32, 32, 3], last) });
    assertEquals(found.length, 35 * 512);
    assertAllClose(found.subarray(34 * 512), expected.vectors!.data, 1e-4);
    await assertRejects(
      () => encoder.encode(new Float32Array(7)),
      "expected images of [32, 32, 3]",
    );
    await program.dispose();
    await encoder.dispose();
  }));

Deno.test("missing, damaged and foreign files are named", async () => {
  const bytes = (value: string) => new TextEncoder().encode(value);
  const refuses = (changes: Record<string, Uint8Array | null>, message: string) =>
    withTowers(async (path) => {
      await assertRejects(() => openTextEncoder("tower", { path }), message);
    }, changes);
  await refuses({ "tower.json": null }, "deno task train text");
  await refuses({ "tower.json": bytes("{") }, "tower.json: it is no JSON");
  await refuses({ "tower.json": bytes("{}") }, 'expected the format "text tower 1"');
  await refuses({ "tower.onnx": bytes("no model") }, "tower.onnx: ONNX Runtime cannot load it");
  const about = JSON.parse(new TextDecoder().decode(files["tower.json"]));
  const other = bytes(JSON.stringify({ ...about, length: 12 }));
  await refuses({ "tower.json": other }, "it has ids int32[16, 10]");
  await withTowers(async (path) => {
    await assertRejects(() => openImageTower(device, { path }), "image-tower.safetensors: ");
  }, { "image-tower.safetensors": files["image-tower.safetensors"]!.subarray(0, 999) });
});

Deno.test("unknown encoders are refused with the names that there are", async () => {
  await assertRejects(() => openTextEncoder("towr"), 'did you mean "tower"? Text encoders are');
});

Deno.test("programs can be compiled in a process that opened a text encoder first", () =>
  withTowers(async (path) => {
    const lib = new URL("../../lib/", import.meta.url).href;
    const code = `
      import { openDevice } from "${lib}engine/mod.ts";
      import { openImageTower, openTextEncoder } from "${lib}text/mod.ts";
      const path = ${JSON.stringify(path)};
      const text = await openTextEncoder("tower", { path });
      const images = await openImageTower(await openDevice("cpu"), { path });
      const vectors = await images.encode(new Float32Array(32 * 32 * 3));
      console.log((await text.encode(["red"])).pooled.length, vectors.length);
    `;
    await Deno.writeTextFile(`${path}/run.ts`, code);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "-A", "--config", config, `${path}/run.ts`],
    }).output();
    const [said, problem] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
    assertEquals(said, "512 512", problem);
  }));
