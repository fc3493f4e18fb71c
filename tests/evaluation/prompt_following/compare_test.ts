import { assertEquals, assertThrows } from "@std/assert";
import type { PictureFacts, Relation } from "@course/data/pictures/facts.ts";
import { compareFacts, type Layout, layoutOf } from "@course/evaluation/prompt_following/mod.ts";
import { factsOf, thing } from "./facts.ts";

const dog = thing("dog"), clock = thing("clock");
const scene = (first: typeof dog, second: typeof dog, relation: Relation, rest = {}) =>
  factsOf([first, second], { relation, stated: ["noun", "relation"], ...rest });

Deno.test("`layoutOf()` gives one layout for both ways to say how two things lie", () => {
  const expected: Layout = { axis: "horizontal", groups: [dog, clock], background: "white" };
  assertEquals(layoutOf(scene(dog, clock, "left of")), expected);
  assertEquals(layoutOf(scene(clock, dog, "right of")), expected);
  assertEquals(layoutOf(scene(dog, clock, "above")), { ...expected, axis: "vertical" });
  assertEquals(layoutOf(scene(clock, dog, "below")), { ...expected, axis: "vertical" });
  assertEquals(layoutOf(factsOf([dog])), { ...expected, axis: "single", groups: [dog] });
});

Deno.test("`layoutOf()` refuses two things without a relation", () => {
  assertThrows(() => layoutOf(factsOf([dog, clock])), "2 objects");
  assertThrows(() => layoutOf(factsOf([dog], { relation: "above" })), '"above"');
});

Deno.test("`compareFacts()` finds everything right in a picture's own layout", () => {
  const stated: PictureFacts["stated"] = ["noun", "colour", "background", "size", "count"];
  for (const relation of ["left of", "right of", "above", "below"] as const) {
    const asked = scene(thing("dog", { colour: "red", count: 2 }), clock, relation, {
      stated: [...stated, "relation"],
    });
    const verdict = compareFacts(asked, layoutOf(asked));
    assertEquals(Object.keys(verdict).length, 6);
    assertEquals(Object.values(verdict).every(Boolean), true, JSON.stringify(verdict));
  }
});

Deno.test("`compareFacts()` answers only what the caption states", () => {
  assertEquals(compareFacts(factsOf([dog]), layoutOf(factsOf([dog], { background: "red" }))), {
    noun: true,
  });
});

Deno.test("`compareFacts()` finds things the wrong way round: right nouns, wrong relation", () => {
  const asked = scene(dog, clock, "left of"), turned = layoutOf(scene(dog, clock, "right of"));
  assertEquals(compareFacts(asked, turned), { noun: true, relation: false });
  const upright = layoutOf(scene(dog, clock, "above"));
  assertEquals(compareFacts(asked, upright), { noun: true, relation: false });
});

Deno.test("`compareFacts()` keeps what belongs to a thing with it when it lies elsewhere", () => {
  const two = thing("dog", { count: 2, colour: "red" });
  const stated: PictureFacts["stated"] = ["noun", "colour", "count", "relation"];
  const asked = scene(two, clock, "left of", { stated });
  const turned = layoutOf(scene(two, clock, "right of"));
  const verdict = compareFacts(asked, turned);
  assertEquals(verdict, { noun: true, colour: true, count: true, relation: false });
  // The colour and the number are the clock's instead of the dog's.
  const mixed = scene(dog, thing("clock", { count: 2, colour: "red" }), "left of");
  const confused = compareFacts(asked, layoutOf(mixed));
  assertEquals(confused, { noun: true, colour: false, count: false, relation: true });
});

Deno.test("`compareFacts()` finds no relation between other things than those asked for", () => {
  const seen = layoutOf(scene(dog, thing("boot"), "left of"));
  assertEquals(compareFacts(scene(dog, clock, "left of"), seen), { noun: false, relation: false });
});

Deno.test("`compareFacts()` misses the second thing, and counts what is too much", () => {
  const stated: PictureFacts["stated"] = ["noun", "count", "relation"];
  const alone = layoutOf(factsOf([dog])), both = layoutOf(scene(dog, clock, "left of"));
  assertEquals(compareFacts(scene(dog, clock, "left of", { stated }), alone), {
    noun: false,
    count: false,
    relation: false,
  });
  assertEquals(compareFacts(factsOf([dog], { stated: ["noun", "count"] }), both), {
    noun: true,
    count: false,
  });
});

Deno.test("`compareFacts()` asks for the size of the first thing only, as captions give it", () => {
  const stated: PictureFacts["stated"] = ["noun", "size"];
  const asked = scene(thing("dog", { size: "small" }), clock, "right of", { stated });
  const seen = (dog: "small" | "medium", clock: "small" | "medium") =>
    layoutOf(scene(thing("dog", { size: dog }), thing("clock", { size: clock }), "right of"));
  assertEquals(compareFacts(asked, seen("small", "small")).size, true);
  assertEquals(compareFacts(asked, seen("medium", "medium")).size, false);
});
