import { assert, assertEquals } from "@std/assert";
import {
  BACKGROUND_NAMES,
  BACKGROUNDS,
  COLOUR_NAMES,
  COLOURS,
  isUnseen,
  NOUNS,
  type Rgb,
  sampleFacts,
  type Stage,
  STAGES,
} from "@course/data/pictures/mod.ts";
import { createRandom } from "@course/random.ts";

const random = createRandom(11);
const MANY = 20_000;
const drawn = new Map(STAGES.map((stage) => [stage, sampleMany(stage)]));

function sampleMany(stage: Stage) {
  return Array.from({ length: MANY }, () => sampleFacts(random, stage));
}

Deno.test("about 15 % of the pairs of noun and colour are kept out, red chairs among them", () => {
  const pairs = NOUNS.flatMap(({ name }) => COLOUR_NAMES.map((colour) => [name, colour] as const));
  const unseen = pairs.filter(([noun, colour]) => isUnseen(noun, colour));
  const share = unseen.length / pairs.length;
  assert(share > 0.13 && share < 0.17, `${share}`);
  assert(isUnseen("chair", "red"));
  assert(!isUnseen("chair", null));
  for (const { name } of NOUNS) assert(unseen.filter(([noun]) => noun === name).length <= 3, name);
});

Deno.test("every pair that is not kept out, every noun and every colour come often enough", () => {
  const counts = new Map<string, number>();
  const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const facts of [...drawn.values()].flat()) {
    for (const { noun, colour } of facts.objects) {
      count(noun);
      if (colour) count(colour), count(`${colour} ${noun}`);
    }
  }
  for (const { name } of NOUNS) {
    assert(counts.get(name)! > 3 * MANY / NOUNS.length * 0.8, name);
    for (const colour of COLOUR_NAMES) {
      const pair = counts.get(`${colour} ${name}`) ?? 0;
      assertEquals(pair === 0, isUnseen(name, colour), `${colour} ${name}: ${pair}`);
    }
  }
  for (const colour of COLOUR_NAMES) assert(counts.get(colour)! > 2000, colour);
});

Deno.test("nouns show one thing in its own colours and say nothing else", () => {
  for (const { objects, relation, stated } of drawn.get("nouns")!) {
    assertEquals([objects.length, objects[0]!.count, objects[0]!.colour], [1, 1, null]);
    assertEquals(objects[0]!.size, "large");
    assertEquals([relation, stated], [null, ["noun"]]);
  }
});

Deno.test("attributes say colour, background and size about as often as they should", () => {
  const share = (fact: "colour" | "background" | "size") =>
    drawn.get("attributes")!.filter(({ stated }) => stated.includes(fact)).length / MANY;
  assert(Math.abs(share("background") - 0.8) < 0.02);
  assert(Math.abs(share("colour") - 0.75) < 0.02);
  assert(Math.abs(share("size") - 0.5) < 0.02);
});

Deno.test("in scenes three in four have a relation between two different things", () => {
  const scenes = drawn.get("scenes")!, related = scenes.filter(({ relation }) => relation);
  assert(Math.abs(related.length / MANY - 0.75) < 0.02);
  for (const { objects, relation, stated } of scenes) {
    assertEquals(objects.length, relation ? 2 : 1);
    assertEquals(stated.includes("relation"), relation !== null);
    assert(stated.includes("count") && objects.every(({ count }) => count >= 1 && count <= 3));
    assert(objects[0]!.noun !== objects[1]?.noun);
  }
});

Deno.test("what no size is said of is as large as there is room for", () => {
  const sizes = new Set<string>();
  for (const facts of [...drawn.get("attributes")!, ...drawn.get("scenes")!]) {
    for (const [n, { size, count }] of facts.objects.entries()) {
      const room = facts.relation
        ? count === 3 ? "small" : "medium"
        : count === 1
        ? "large"
        : "medium";
      if (n === 0 && facts.stated.includes("size")) sizes.add(size);
      else assertEquals(size, room);
    }
  }
  assertEquals(sizes.size, 3);
});

Deno.test("a colour is only said of what is painted, and nothing has the background's colour", () => {
  for (const facts of [...drawn.values()].flat()) {
    const { objects, background, stated } = facts;
    if (stated.includes("colour")) assert(objects[0]!.colour !== null);
    for (const { noun, colour } of objects) {
      assert(colour !== background);
      const { hiddenOn } = NOUNS.find(({ name }) => name === noun)!;
      assert(colour !== null || !hiddenOn.includes(background), `${noun} on ${background}`);
    }
  }
});

Deno.test("colours can be told apart, and backgrounds too", () => {
  for (const table of [COLOURS, BACKGROUNDS]) {
    const colours = Object.entries(table);
    for (const [i, [name, colour]] of colours.entries()) {
      for (const [other, rgb] of colours.slice(i + 1)) {
        assert(distance(colour, rgb) > 60, `${name} and ${other}`);
      }
    }
  }
  assertEquals([COLOUR_NAMES.length, BACKGROUND_NAMES.length], [8, 8]);
});

function distance(a: Rgb, b: Rgb): number {
  return Math.hypot(...a.map((value, c) => value - b[c]!));
}
