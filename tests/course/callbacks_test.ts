import "../../lib/course/eager.ts";
import { assertAllClose, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { makeCallback } from "../../lib/course/callbacks.ts";
import type { Callback } from "../../lib/course/exercise.ts";
import { float32 } from "../../lib/tensors.ts";

/** What each callback answers at points (1, 2) and (3, 4) at noise levels 1 and ½, calculated by hand. */
const CASES: [callback: Callback, values: number[]][] = [
  [{ callback: "constantField", options: { value: 3 } }, [3, 3, 3, 3]],
  [{ callback: "linearField", options: { rate: 2 } }, [2, 4, 6, 8]],
  [{ callback: "risingField", options: { rate: 2 } }, [2, 2, 1, 1]],
  [{ callback: "towardsField", options: { data: float32([2], [1, 0]) } }, [0, 2, 4, 8]],
  [{ callback: "turningField", options: { rate: 2 } }, [-4, 2, -8, 6]],
];

for (const [callback, values] of CASES) {
  Deno.test(`the callback ${callback.callback} answers what its documentation says`, async () => {
    const field = makeCallback(callback);
    const v = field(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor1d([1, 0.5])) as tf.Tensor;
    assertAllClose(await v.data(), values);
  });
}

Deno.test("callbacks say what is wrong with how they are named or made", () => {
  assertThrows(() => makeCallback({ callback: "toString" }), 'There is no callback "toString"');
  const field = makeCallback({ callback: "linearField" });
  assertThrows(
    () => field(tf.zeros([1]), tf.zeros([1])),
    "Option rate of the callback is undefined",
  );
});
