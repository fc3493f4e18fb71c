import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { PictureFacts } from "@course/data/pictures/facts.ts";
import {
  measureSimilarity,
  swapPartners,
  type Towers,
} from "@course/evaluation/prompt_following/mod.ts";
import { factsOf, thing } from "./facts.ts";

const NOUNS = ["dog", "cat", "clock", "boot", "tree"];
const facts = NOUNS.map((noun) => factsOf([thing(noun)]));

/** Towers that put every noun on an axis of its own; pictures are 1×1, their first number says which noun. */
const towers: Towers = {
  texts: (prompts) => Promise.resolve(axes(prompts.map((prompt) => NOUNS.indexOf(prompt)))),
  images: (images) =>
    Promise.resolve(axes([...images].filter((_, i) => i % 3 === 0).map(Math.round))),
  dispose: () => Promise.resolve(),
};

function axes(places: number[]): Float32Array {
  const vectors = new Float32Array(places.length * 512);
  places.forEach((place, i) => vectors[i * 512 + place] = 1);
  return vectors;
}

const pictures = (nouns: number[]) => Float32Array.from(nouns.flatMap((noun) => [noun, 0, 0]));
const real = pictures([0, 1, 2, 3, 4]);

Deno.test("`measureSimilarity()` is 1 with the own prompt first for pictures of what was asked for", async () => {
  const { similarity, retrieval } = await measureSimilarity(towers, {
    prompts: NOUNS,
    facts,
    images: real,
    real,
    size: 1,
  });
  assertEquals(similarity, { value: 1, ceiling: 1, floor: 0 });
  assertEquals(retrieval, {
    mean_rank: { value: 1, ceiling: 1, floor: 3 },
    top1: { value: 1, ceiling: 1, floor: 0.2 },
    of: 5,
  });
});

Deno.test("`measureSimilarity()` ranks prompts behind those that fit better, ties in the middle", async () => {
  // Each shows the next noun: the own prompt shares the places 2 to 5 with three others.
  const { similarity, retrieval } = await measureSimilarity(towers, {
    prompts: NOUNS,
    facts,
    images: pictures([1, 2, 3, 4, 0]),
    real,
    size: 1,
  });
  assertEquals([similarity.value, similarity.ceiling], [0, 1]);
  assertAlmostEquals(similarity.floor, 5 / 20);
  assertEquals([retrieval.mean_rank.value, retrieval.top1.value], [3.5, 0]);
});

Deno.test("`measureSimilarity()` lets no prompt compete that is true of the picture too", async () => {
  // "A clock on white" says more than "a clock", and as much of its picture is true.
  const more = factsOf([thing("clock")], { stated: ["noun", "background"] });
  const { retrieval } = await measureSimilarity(towers, {
    prompts: ["dog", "clock", "clock", "cat"],
    facts: [facts[0]!, facts[2]!, more, facts[1]!],
    images: pictures([0, 2, 2, 1]),
    real: pictures([0, 2, 2, 1]),
    size: 1,
  });
  assertEquals([retrieval.of, retrieval.top1.value], [3, 1]);
});

Deno.test("`swapPartners()` finds each prompt one with another noun", () => {
  const asked: PictureFacts[] = ["dog", "dog", "cat"].map((noun) => factsOf([thing(noun)]));
  assertEquals(swapPartners(asked), [2, 2, 0]);
  assertThrows(() => swapPartners(asked.slice(0, 2)), "same noun");
});
