import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { openTextEncoder, POOLED_WIDTH } from "../../lib/text/mod.ts";

const encoder = await openTextEncoder("bag-of-words");
const pooledOf = async (prompt: string) => [...(await encoder.encode([prompt])).pooled];

Deno.test("the pooled vector is the sum of the words' vectors, scaled to length 1", async () => {
  const [red, chair, both] = [
    await pooledOf("red"),
    await pooledOf("chair"),
    await pooledOf("red chair"),
  ];
  assertAlmostEquals(Math.hypot(...both), 1, 1e-5);
  // Words have vectors of about the same length, not exactly: the sum lies in their plane.
  const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const overlap = dot(red, chair), [x, y] = [dot(both, red), dot(both, chair)];
  const inPlane = (x * x + y * y - 2 * x * y * overlap) / (1 - overlap ** 2);
  assertAlmostEquals(inPlane, 1, 1e-4);
});

Deno.test("the order of words makes no difference to the pooled vector, and tokens follow the words", async () => {
  const one = await encoder.encode(["a red chair on blue"]);
  const other = await encoder.encode(["a blue chair on red"]);
  one.pooled.forEach((value, d) => assertAlmostEquals(value, other.pooled[d]!, 1e-6));
  const width = encoder.tokenWidth;
  const token = (
    tokens: Float32Array,
    i: number,
  ) => [...tokens.subarray(i * width, (i + 1) * width)];
  assertEquals(token(one.tokens, 1), token(other.tokens, 4));
  assert(token(one.tokens, 1).some((x, d) => x !== token(other.tokens, 1)[d]));
});

Deno.test("token vectors have about mean 0 and deviation 1, and are zero beyond the prompt", async () => {
  const { tokens, mask } = await encoder.encode(["one two three four five six"]);
  assertEquals([...mask], [...Array(6).fill(1), ...Array(18).fill(0)]);
  const used = tokens.subarray(0, 6 * encoder.tokenWidth);
  const mean = used.reduce((sum, x) => sum + x, 0) / used.length;
  const square = used.reduce((sum, x) => sum + x * x, 0) / used.length;
  assert(Math.abs(mean) < 0.15 && Math.abs(square - 1) < 0.2, `mean ${mean}, square ${square}`);
  assert(tokens.subarray(6 * encoder.tokenWidth).every((x) => x === 0));
});

Deno.test("an empty prompt and one that is too long have vectors of length 1", async () => {
  for (const prompt of ["", "word ".repeat(100)]) {
    const { pooled, mask } = await encoder.encode([prompt]);
    assertAlmostEquals(Math.hypot(...pooled), 1, 1e-5);
    assertEquals(mask.reduce((sum, x) => sum + x, 0), prompt === "" ? 1 : 24);
    assertEquals(pooled.length, POOLED_WIDTH);
  }
});
