import { fitLinearCode, meanCode } from "@course/course/block_codes.ts";
import { createRandom, normals } from "@course/random.ts";
import { float32, type HostTensor } from "@course/tensors.ts";
import { assert, assertAllClose, assertEquals } from "@std/assert";
import "@course/course/mod.ts";

const images = float32([5, 4, 6, 3], normals(createRandom(1), 5 * 4 * 6 * 3));

/** Sum of squared differences. */
function distance(a: HostTensor, b: HostTensor): number {
  return Array.from(a.data).reduce((sum, value, i) => sum + (value - b.data[i]!) ** 2, 0);
}

Deno.test("a linear code with as many numbers as a square has loses nothing", () => {
  const code = fitLinearCode(images, { side: 2, numbers: 12 });
  const latents = code.encode(images);
  assertEquals(latents.shape, [5, 2, 3, 12]);
  assertAllClose(code.decode(latents).data, images.data, 1e-4);
});

Deno.test("a linear code keeps what varies most: squares on a line need one number", () => {
  // Each square is middle + amount · direction, with another amount in each.
  const direction = [3, -1, 2, 0.5], middle = [1, 2, 3, 4];
  const data = Array.from(
    { length: 8 },
    (_, n) => direction.map((d, i) => middle[i]! + (n - 3) * d),
  );
  const squares = float32([8, 2, 2, 1], data.flat());
  const code = fitLinearCode(squares, { side: 2, numbers: 1 });
  assertAllClose(code.decode(code.encode(squares)).data, squares.data, 1e-4);
});

Deno.test("no mean of squares beats the best linear code of as many numbers", () => {
  const linear = fitLinearCode(images, { side: 2, numbers: 3 }), mean = meanCode(2);
  const error = distance(linear.decode(linear.encode(images)), images);
  assert(error < distance(mean.decode(mean.encode(images)), images));
  // Nor do other directions: three of the square's own numbers, say.
  const blocks = Array.from(images.data).reduce((sum, value) => sum + value ** 2, 0);
  assert(error < 0.75 * blocks, `error ${error} of ${blocks}`);
});

Deno.test("means of squares: each latent is the mean of its square, and flat pictures come back", () => {
  const code = meanCode(2), latents = code.encode(images);
  assertEquals(latents.shape, [5, 2, 3, 3]);
  const at = (y: number, x: number) => images.data[(y * 6 + x) * 3]!;
  assertAllClose(latents.data.slice(0, 1), [(at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4], 1e-5);
  const flat = float32([1, 4, 4, 3], new Array(48).fill(0.25));
  assertAllClose(code.decode(code.encode(flat)).data, flat.data, 1e-6);
});
