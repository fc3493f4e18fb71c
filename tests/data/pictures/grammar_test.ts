import { assert, assertEquals } from "@std/assert";
import {
  describe,
  NOUNS,
  type PictureFacts,
  pictureWords,
  sampleFacts,
  STAGES,
} from "@course/data/pictures/mod.ts";
import { createRandom } from "@course/random.ts";

const random = createRandom(2);
const said = STAGES.flatMap((stage) =>
  Array.from({ length: 8000 }, () => {
    const facts = sampleFacts(random, stage);
    return { facts, caption: describe(facts, random) };
  })
);

Deno.test("`describe()` says exactly the facts that are stated", () => {
  const scene: PictureFacts = {
    stage: "scenes",
    objects: [
      { noun: "dog", colour: "red", size: "small", count: 2 },
      { noun: "elephant", colour: null, size: "medium", count: 1 },
    ],
    background: "blue",
    relation: "left of",
    stated: ["noun", "colour", "background", "size", "count", "relation"],
    unseen: false,
  };
  const all = captionsOf(scene),
    few = captionsOf({ ...scene, stated: ["noun", "count", "relation"] });
  assert(all.has("two small red dogs left of an elephant on a blue background"));
  assert(all.has("two little red dogs to the left of an elephant against a blue background"));
  assert(few.has("two dogs to the left of an elephant"));
  assert([...few].every((caption) => !/red|small|little|blue/.test(caption)));
  const chair: PictureFacts = {
    stage: "attributes",
    objects: [{ noun: "chair", colour: "orange", size: "large", count: 1 }],
    background: "white",
    relation: null,
    stated: ["noun", "colour"],
    unseen: false,
  };
  assert(captionsOf(chair).has("an orange chair"));
  assert(captionsOf({ ...chair, stated: ["noun", "size"] }).has("a big chair"));
  assert(captionsOf({ ...chair, stage: "nouns", stated: ["noun"] }).has("the chair"));
});

Deno.test("captions can be read back: nouns, counts, colours, background and relation", () => {
  const singular = new Map(NOUNS.flatMap(({ name, plural }) => [[name, name], [plural, name]]));
  for (const { facts, caption } of said) {
    const background = /(?:on|against|in front of) (?:a )?(\w+)(?: background)?$/.exec(caption);
    assertEquals(background !== null, facts.stated.includes("background"), caption);
    if (background) assertEquals(background[1], facts.background);
    const things = caption.slice(0, background?.index).split(
      / (?:to the )?(?:left of|right of|above|over|below|under) /,
    );
    assertEquals(things.length, facts.objects.length, caption);
    for (const [i, { noun, colour, count }] of facts.objects.entries()) {
      const words = things[i]!.trim().split(" ");
      assertEquals(singular.get(words.at(-1)!), noun, caption);
      assertEquals(words.includes(["", "one", "two", "three"][count]!) || count === 1, true);
      const says = facts.stated.includes("colour") && colour !== null;
      if (colour) assertEquals(words.includes(colour), says, caption);
    }
  }
});

Deno.test("every picture can be described in several ways", () => {
  for (const { facts } of said.filter((_, i) => i % 800 === 0)) {
    assert(captionsOf(facts).size >= 6);
  }
});

Deno.test("articles fit the word that follows, and two or three things are plural", () => {
  for (const { caption } of said) {
    assert(!/\ba [aeiou]|\ban [^aeiou]/.test(caption), caption);
    assert(!/ {2}|^ | $/.test(caption), caption);
  }
  const plurals = new Set(NOUNS.map(({ plural }) => plural));
  for (const plural of ["strawberries", "leaves", "fish", "butterflies", "cactuses"]) {
    assert(plurals.has(plural), plural);
  }
});

Deno.test("`pictureWords()` are exactly the words that captions have", () => {
  const used = new Set(said.flatMap(({ caption }) => caption.split(" ")));
  assertEquals([...used].sort(), pictureWords());
});

function captionsOf(facts: PictureFacts): Set<string> {
  return new Set(Array.from({ length: 3000 }, () => describe(facts, random)));
}
