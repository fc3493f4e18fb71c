import { assert, assertAllClose, assertEquals } from "@std/assert";
import { augment, type Augmentation } from "@course/evaluation/augment.ts";
import { createRandom } from "@course/random.ts";

const NOTHING: Augmentation = { rotation: 0, scale: 0, shear: 0, shift: 0, stroke: 0, noise: 0 };

/** Two 9×9 images of paper with a bar of ink in rows 3–5. */
function bars(): Float32Array<ArrayBuffer> {
  const images = new Float32Array(2 * 81).fill(-1);
  for (const image of [0, 1]) images.fill(1, image * 81 + 27, image * 81 + 54);
  return images;
}

function ink(images: Float32Array): number {
  return images.reduce((sum, value) => sum + (value + 1) / 2, 0);
}

Deno.test("`augment()` by nothing changes nothing", () => {
  assertAllClose(augment(bars(), 9, createRandom(1), NOTHING), bars());
});

Deno.test("`augment()` leaves the images it is given alone and treats each anew", () => {
  const images = bars(), changed = augment(images, 9, createRandom(1));
  assertEquals(images, bars());
  assert(changed.slice(0, 81).some((value, i) => value !== changed[81 + i]));
});

Deno.test("`augment()` gives the same for the same seed", () => {
  assertEquals(augment(bars(), 9, createRandom(4)), augment(bars(), 9, createRandom(4)));
});

Deno.test("`augment()` shifts by at most the given number of pixels", () => {
  const random = createRandom(3);
  for (let i = 0; i < 20; i++) {
    const image = augment(bars(), 9, random, { ...NOTHING, shift: 2 }).slice(0, 81);
    // Rows that a shift by 2 cannot reach stay as they were; only the sides may lose ink.
    assertAllClose(image.slice(0, 9), new Float32Array(9).fill(-1));
    assert(image[4 * 9 + 4]! > -1);
    assert(ink(image) <= 27 + 1e-4 && ink(image) >= 27 - 3 * 2 - 1e-4);
  }
});

Deno.test("`augment()` keeps ink and paper within [−1, 1] and turns the middle into itself", () => {
  const image = augment(bars(), 9, createRandom(5), { ...NOTHING, rotation: 45, stroke: 0.5 });
  assert(image.every((value) => value >= -1 && value <= 1));
  assertAllClose([image[40]!], [1], 1e-5);
});

Deno.test("`augment()` adds noise of at most the given deviation", () => {
  const image = augment(bars(), 9, createRandom(6), { ...NOTHING, noise: 0.1 });
  const squares = image.reduce((sum, value, i) => sum + (value - bars()[i]!) ** 2, 0);
  const deviation = Math.sqrt(squares / image.length);
  assert(deviation > 0 && deviation < 0.12, `deviation ${deviation}`);
});
