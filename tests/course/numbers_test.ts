import { firstOf, mapNumbers, meanOf, tensorOf } from "@course/course/numbers.ts";
import { channelStatistics, latentPictures } from "@course/course/latent_pictures.ts";
import { float32 } from "@course/tensors.ts";
import { assertAllClose, assertEquals, assertThrows } from "@std/assert";
import "@course/course/mod.ts";

const six = float32([3, 2], [1, 2, 3, 4, 5, 6]);

Deno.test("numbers are changed one by one, taken from the front, and averaged", () => {
  assertEquals(mapNumbers(six, (value, i) => value * (i % 2)), float32([3, 2], [0, 2, 0, 4, 0, 6]));
  assertEquals(six.data[0], 1);
  assertEquals(firstOf(six, 2), float32([2, 2], [1, 2, 3, 4]));
  assertThrows(() => firstOf(six, 4), "Cannot take the first 4 of 3");
  assertEquals([meanOf([1, 2, 6]), meanOf([])], [3, NaN]);
  assertEquals(tensorOf(six).arraySync(), [[1, 2], [3, 4], [5, 6]]);
});

Deno.test("latents are drawn channel by channel: the mean is grey, 2.5 deviations are white", () => {
  // Channel 0 holds 1 and 3 (mean 2, deviation 1), channel 1 does not vary.
  const latents = float32([1, 1, 2, 2], [1, 7, 3, 7]);
  assertEquals(channelStatistics(latents)[0], { mean: 2, deviation: 1 });
  const [first, second] = latentPictures(latents, 2);
  assertEquals(first!.shape, [1, 2, 4, 3]);
  const row = [-0.4, -0.4, 0.4, 0.4].flatMap((value) => [value, value, value]);
  assertAllClose(first!.data, [...row, ...row], 1e-6);
  assertAllClose(second!.data, new Array(24).fill(0), 1e-6);
});
