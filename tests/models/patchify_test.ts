import "@tensorflow/tfjs-backend-cpu";
import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { patchify, unpatchify } from "../../lib/models/mod.ts";

await tf.setBackend("cpu");

function numbered(shape: [number, number, number, number]): tf.Tensor4D {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor4d(Array.from({ length: size }, (_, i) => i), shape);
}

Deno.test("`patchify()` cuts row by row, pixels of a patch row by row, channels together", () => {
  const patches = patchify(numbered([1, 4, 4, 1]), 2);
  assertEquals(patches.arraySync(), [
    [[0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15]],
  ] as never);
  const coloured = patchify(numbered([1, 2, 4, 2]), 2);
  assertEquals(coloured.arraySync(), [
    [[0, 1, 2, 3, 8, 9, 10, 11], [4, 5, 6, 7, 12, 13, 14, 15]],
  ] as never);
});

Deno.test("`unpatchify()` inverts `patchify()` for every size that divides", () => {
  for (const [height, width] of [[4, 4], [6, 12], [12, 6], [28, 28]] as const) {
    for (const channels of [1, 3]) {
      for (let patch = 1; patch <= height; patch++) {
        if (height % patch !== 0 || width % patch !== 0) continue;
        tf.tidy(() => {
          const images = numbered([2, height, width, channels]);
          const patches = patchify(images, patch);
          assertEquals(patches.shape, [2, height * width / patch ** 2, patch ** 2 * channels]);
          const again = unpatchify(patches, patch, [height, width, channels]);
          assertEquals(again.shape, images.shape);
          assertEquals(again.dataSync(), images.dataSync());
        });
      }
    }
  }
});

Deno.test("`patchify()` says which side a patch does not divide", () => {
  assertThrows(
    () => patchify(tf.zeros([1, 28, 28, 1]), 5),
    "Cannot patchify image: height 28 is not divisible by patch 5",
  );
  assertThrows(() => patchify(tf.zeros([1, 8, 6, 1]), 4), "width 6 is not divisible by patch 4");
  assertThrows(() => patchify(tf.zeros([1, 8, 8, 1]), 0), "patch 0 is not a positive whole number");
  assertThrows(() => patchify(tf.zeros([8, 8, 1]), 2), "shape is [8, 8, 1], expected [B, H, W, C]");
});

Deno.test("`unpatchify()` refuses patches that do not make the image", () => {
  assertThrows(
    () => unpatchify(tf.zeros([2, 5, 4]), 2, [4, 4, 1]),
    "patches have shape [2, 5, 4], expected [B, 4, 4] for an image [4, 4, 1]",
  );
});
