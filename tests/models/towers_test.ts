import "@tensorflow/tfjs-backend-cpu";
import {
  assert,
  assertAllClose,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { compile, openDevice } from "../../lib/engine/mod.ts";
import { contrastiveLoss, MAX_LOGIT_SCALE } from "../../lib/models/contrastive_loss.ts";
import { imageTower } from "../../lib/models/image_tower.ts";
import { textTower } from "../../lib/models/text_tower.ts";
import { addPrefix, initialise, takePrefix, toTensors } from "../../lib/nn/mod.ts";
import { createRandom, normals } from "../../lib/random.ts";
import { float32, int32 } from "../../lib/tensors.ts";

await tf.setBackend("cpu");

const text = textTower({ vocabulary: 20, length: 6, width: 16, depth: 2, heads: 2 });
const params = initialise(text.params, createRandom(1));

/** Vectors of rows of token ids. */
function encode(rows: number[][], tower = text, weights = params) {
  return tower.apply(toTensors(weights), tf.tensor2d(rows, undefined, "int32"));
}

Deno.test("a text tower gives tokens, mask and pooled vectors of length 1", () => {
  const { tokens, mask, pooled } = encode([[2, 5, 3, 0, 0, 0], [2, 5, 6, 7, 8, 3]]);
  assertEquals([tokens.shape, mask.shape, pooled.shape], [[2, 6, 16], [2, 6], [2, 512]]);
  assertEquals([...mask.dataSync()], [1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
  for (const length of tf.norm(pooled, 2, 1).dataSync()) assertAlmostEquals(length, 1, 1e-5);
  const padding = tf.slice(tokens, [0, 3, 0], [1, 3, 16]).dataSync();
  assert(padding.every((value) => value === 0), "padding has vectors of zero");
});

Deno.test("padding does not change the vectors of a text", () => {
  const padded = encode([[2, 5, 9, 3, 0, 0]]);
  // The same parameters in a tower that has no room for padding.
  const tight = textTower({ vocabulary: 20, length: 4, width: 16, depth: 2, heads: 2 });
  const { positions, ...others } = params;
  const cut = float32([4, 16], Float32Array.from(positions!.data.subarray(0, 4 * 16)));
  const exact = encode([[2, 5, 9, 3]], tight, { ...others, positions: cut });
  assertAllClose(padded.pooled.dataSync(), exact.pooled.dataSync());
  assertAllClose(
    tf.slice(padded.tokens, [0, 0, 0], [1, 4, 16]).dataSync(),
    exact.tokens.dataSync(),
  );
});

Deno.test("texts of a batch do not change each other, and the order of words matters", () => {
  const [one, other] = [[2, 5, 6, 3, 0, 0], [2, 6, 5, 3, 0, 0]];
  const both = encode([one, other]).pooled;
  assertAllClose(tf.slice(both, [1, 0], [1, 512]).dataSync(), encode([other]).pooled.dataSync());
  const similarity = tf.sum(tf.mul(encode([one]).pooled, encode([other]).pooled)).dataSync()[0]!;
  assert(similarity < 0.9999, `similarity ${similarity}`);
});

Deno.test("every token of a text sees those after it too", () => {
  const token1 = (rows: number[][]) =>
    tf.slice(encode(rows).tokens, [0, 1, 0], [1, 1, 16]).dataSync();
  const [a, b] = [token1([[2, 5, 6, 3, 0, 0]]), token1([[2, 5, 7, 3, 0, 0]])];
  assert(a.some((value, d) => Math.abs(value - b[d]!) > 1e-4));
});

Deno.test("compiled towers compute what tfjs's cpu backend computes", async () => {
  const device = await openDevice("cpu");
  const ids = int32([2, 6], [2, 5, 3, 0, 0, 0, 2, 5, 6, 7, 8, 3]);
  const images = imageTower({ imageShape: [32, 32, 3], width: 8 });
  const weights = initialise(images.params, createRandom(2));
  const pixels = float32([2, 32, 32, 3], normals(createRandom(3), 2 * 32 * 32 * 3));
  const program = await compile(
    device,
    ({ ids, pixels, ...all }) => ({
      ...text.apply(takePrefix(all, "text"), ids!),
      vectors: images.apply(takePrefix(all, "images"), pixels!),
    }),
    { ids, pixels },
    { constants: { ...addPrefix(params, "text"), ...addPrefix(weights, "images") } },
  );
  const found = await program.run({ ids, pixels });
  await program.dispose();
  const expected = encode([[2, 5, 3, 0, 0, 0], [2, 5, 6, 7, 8, 3]]);
  assertAllClose(found.tokens!.data, expected.tokens.dataSync(), 1e-4);
  assertAllClose(found.pooled!.data, expected.pooled.dataSync(), 1e-4);
  const { pixels: picture } = toTensors({ pixels });
  assertAllClose(found.vectors!.data, images.apply(toTensors(weights), picture!).dataSync(), 1e-4);
});

Deno.test("impossible towers and inputs are refused with what was expected", () => {
  const options = { vocabulary: 20, length: 6, width: 16, depth: 2, heads: 2 };
  assertThrows(() => textTower({ ...options, heads: 3 }), "width 16 is not divisible by 3 heads");
  assertThrows(() => textTower({ ...options, depth: 0 }), "depth is 0");
  assertThrows(() => encode([[2, 3]]), "Shape of ids is [1, 2], expected [any, 6]");
  assertThrows(() => imageTower({ imageShape: [30, 32, 3], width: 8 }), "sides divisible by 16");
  assertThrows(() => imageTower({ imageShape: [32, 32, 3], width: 12 }), "divisible by 8");
});

const unit = (...angles: number[]) =>
  tf.tensor2d(angles.map((angle) => [Math.cos(angle), Math.sin(angle)]));
const lossOf = (...args: Parameters<typeof contrastiveLoss>) =>
  contrastiveLoss(...args).dataSync()[0]!;

Deno.test("two pairs at right angles cost ln(1 + e^−s), both ways", () => {
  const vectors = unit(0, Math.PI / 2);
  for (const scale of [1, 10]) {
    const loss = lossOf(vectors, vectors, tf.scalar(Math.log(scale)));
    assertAlmostEquals(loss, Math.log(1 + Math.exp(-scale)), 1e-5);
  }
});

Deno.test("the loss of two pairs is what it is by hand", () => {
  // Products at scale 2: rows are images, columns texts.
  const [a, b, c, d] = [2 * Math.cos(0.3), 2 * Math.cos(1.1), 2 * Math.cos(0.5), 2 * Math.cos(0.3)];
  const loss = lossOf(unit(0, 0.8), unit(0.3, 1.1), tf.scalar(Math.log(2)));
  const choose = (right: number, other: number) => Math.log(1 + Math.exp(other - right));
  const expected = (choose(a, b) + choose(d, c) + choose(a, c) + choose(d, b)) / 4;
  assertAlmostEquals(loss, expected, 1e-5);
});

Deno.test("N pairs that are all alike cost ln N", () => {
  const vectors = unit(1, 1, 1, 1, 1);
  assertAlmostEquals(lossOf(vectors, vectors, tf.scalar(3)), Math.log(5), 1e-5);
});

Deno.test("the order of pairs makes no difference, and images and texts may change places", () => {
  const images = [0.1, 1.2, 2.9, 4], texts = [0.4, 1, 3.3, 4.4], scale = tf.scalar(1);
  const loss = lossOf(unit(...images), unit(...texts), scale);
  const moved = [2, 0, 3, 1];
  const pick = (angles: number[]) => unit(...moved.map((i) => angles[i]!));
  assertAlmostEquals(lossOf(pick(images), pick(texts), scale), loss, 1e-5);
  assertAlmostEquals(lossOf(unit(...texts), unit(...images), scale), loss, 1e-5);
});

Deno.test("the temperature ends at a scale of 100", () => {
  const [images, texts] = [unit(0, 0.02), unit(0.001, 0.019)];
  const at = (scale: number) => lossOf(images, texts, tf.scalar(scale));
  assertAlmostEquals(at(9), at(MAX_LOGIT_SCALE), 1e-6);
  assert(at(MAX_LOGIT_SCALE - 1) !== at(MAX_LOGIT_SCALE));
});

Deno.test("a text that is also true of another image costs nothing there", () => {
  // Twice the same text: without the mask the choice between them can only be guessed.
  const images = unit(0, 0, 2), texts = unit(0, 0, 2), scale = tf.scalar(3);
  const alsoTrue = tf.tensor2d([[1, 1, 0], [1, 1, 0], [0, 0, 1]]);
  const masked = lossOf(images, texts, scale, { alsoTrue });
  const alone = lossOf(unit(0, 2), unit(0, 2), scale);
  assertAlmostEquals(masked, alone, 1e-4);
  assert(lossOf(images, texts, scale) > masked + 0.4);
});

Deno.test("a wrong text joins the texts that an image chooses from", () => {
  const images = unit(0, 1), texts = unit(0, 1), scale = tf.scalar(Math.log(2));
  const wrongTexts = unit(0.5, 2.5);
  const sum = (...products: number[]) =>
    Math.log(products.reduce((s, x) => s + Math.exp(2 * x), 0));
  const near = Math.cos(1);
  const chosen = (sum(1, near, Math.cos(0.5)) + sum(1, near, Math.cos(1.5))) / 2 - 2;
  const back = sum(1, near) - 2;
  assertAlmostEquals(lossOf(images, texts, scale, { wrongTexts }), (chosen + back) / 2, 1e-5);
});
