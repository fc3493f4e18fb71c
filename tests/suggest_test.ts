import { assertEquals } from "@std/assert";
import { editDistance, suggest } from "../lib/suggest.ts";

Deno.test("`editDistance()` counts letters added, removed, replaced and swapped", () => {
  assertEquals(editDistance("", "abc"), 3);
  assertEquals(editDistance("kitten", "sitting"), 3);
  assertEquals(editDistance("mnsit", "mnist"), 1);
  assertEquals(editDistance("digits", "digits"), 0);
});

Deno.test("`suggest()` finds what was probably meant", () => {
  const keys = ["optimizer.lr", "optimizer.weightDecay", "batchSize", "model.depth", "model.width"];
  assertEquals(suggest("optimiser.lr", keys), "optimizer.lr");
  assertEquals(suggest("lr", keys), "optimizer.lr");
  assertEquals(suggest("batchsize", keys), "batchSize");
  assertEquals(suggest("batch", keys), "batchSize");
  assertEquals(suggest("modle.width", keys), "model.width");
});

Deno.test("`suggest()` stays silent when nothing is near", () => {
  assertEquals(suggest("banana", ["digits", "mnist"]), undefined);
  assertEquals(suggest("x", []), undefined);
});
