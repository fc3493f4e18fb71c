import { assertEquals, assertThrows } from "@std/assert";
import {
  conv2dSpecs,
  embeddingSpecs,
  fromPyTorch,
  initialise,
  linearSpecs,
  toPyTorch,
} from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";
import { float32, int32 } from "../../lib/tensors.ts";

const specs = {
  ...linearSpecs("linear", 2, 3),
  ...conv2dSpecs("conv", 2, 4, { kernel: 3 }),
  ...embeddingSpecs("table", 5, 2),
};

Deno.test("`toPyTorch()` turns linear weights around and leaves tables and biases as they are", () => {
  const only = linearSpecs("linear", 2, 3);
  const converted = toPyTorch({
    "linear.weight": float32([2, 3], [1, 2, 3, 4, 5, 6]),
    "linear.bias": float32([3], [7, 8, 9]),
  }, only);
  assertEquals(converted["linear.weight"], float32([3, 2], [1, 4, 2, 5, 3, 6]));
  assertEquals(converted["linear.bias"], float32([3], [7, 8, 9]));
});

Deno.test("`toPyTorch()` puts a convolution's channels before its kernel", () => {
  const ours = initialise(specs, createRandom(1));
  const theirs = toPyTorch(ours, specs)["conv.weight"]!;
  assertEquals(theirs.shape, [4, 2, 3, 3]);
  const at = (o: number, i: number, y: number, x: number) =>
    theirs.data[((o * 2 + i) * 3 + y) * 3 + x];
  const weight = ours["conv.weight"]!.data;
  for (const [o, i, y, x] of [[0, 0, 0, 1], [3, 1, 2, 0], [2, 0, 1, 2]] as const) {
    assertEquals(at(o, i, y, x), weight[((y * 3 + x) * 2 + i) * 4 + o]);
  }
});

Deno.test("`fromPyTorch()` inverts `toPyTorch()`", () => {
  const params = initialise(specs, createRandom(2));
  assertEquals(fromPyTorch(toPyTorch(params, specs), specs), params);
});

Deno.test("`fromPyTorch()` refuses weights of another model", () => {
  const state = toPyTorch(initialise(specs, createRandom(2)), specs);
  const { "linear.bias": _, ...without } = state;
  assertThrows(() => fromPyTorch(without, specs), "missing linear.bias");
  assertThrows(
    () => fromPyTorch({ ...state, extra: float32([1]) }, specs),
    "Weights are of another model: unknown extra",
  );
  assertThrows(
    () => fromPyTorch({ ...state, "linear.weight": float32([2, 3]) }, specs),
    "Shape of linear.weight is [2, 3], this model's PyTorch layout has [3, 2]",
  );
  assertThrows(
    () => fromPyTorch({ ...state, "linear.bias": int32([3]) }, specs),
    "it is int32, expected float32",
  );
});
