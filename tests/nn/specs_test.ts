import { assert, assertEquals } from "@std/assert";
import { countParameters, initialise, linearSpecs, normSpecs } from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";

const specs = { ...linearSpecs("a", 3, 4), ...normSpecs("b", 4) };

Deno.test("`initialise()` gives every parameter its shape and initial value", () => {
  const params = initialise(specs, createRandom(1));
  assertEquals(Object.keys(params), ["a.weight", "a.bias", "b.weight", "b.bias"]);
  assertEquals(params["a.weight"]!.shape, [3, 4]);
  assert(params["a.weight"]!.data.every((value) => value !== 0));
  assertEquals([...params["b.weight"]!.data], [1, 1, 1, 1]);
  assertEquals([...params["b.bias"]!.data], [0, 0, 0, 0]);
});

Deno.test("`initialise()` draws the same parameters from the same seed, others from another", () => {
  const weights = (seed: number) => initialise(specs, createRandom(seed))["a.weight"]!.data;
  assertEquals(weights(1), weights(1));
  assert(weights(1).some((value, i) => value !== weights(2)[i]));
});

Deno.test("`countParameters()` adds up the sizes of all shapes", () => {
  assertEquals(countParameters(specs), 12 + 4 + 4 + 4);
  assertEquals(countParameters({}), 0);
});
