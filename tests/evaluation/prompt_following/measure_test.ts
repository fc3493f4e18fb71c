import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  followingByStage,
  layoutOf,
  wilsonInterval,
} from "@course/evaluation/prompt_following/mod.ts";
import { factsOf, thing } from "./facts.ts";

const nouns = ["dog", "cat", "clock", "boot"].map((noun) => factsOf([thing(noun)]));
const layouts = nouns.map(layoutOf);

Deno.test("`followingByStage()` counts right facts between ceiling and floor", () => {
  // The last sample shows the dog again; the judge errs in one of the real pictures.
  const seen = [...layouts.slice(0, 3), layouts[0]!];
  const real = [layouts[1]!, ...layouts.slice(1)];
  const { stages, unseen } = followingByStage(nouns, seen, real);
  const { noun } = stages.nouns!.facts;
  assertEquals([noun!.value, noun!.count, noun!.ceiling], [0.75, 4, 0.75]);
  assertEquals([noun!.low, noun!.high], wilsonInterval(3, 4));
  // Of 12 pairs of a sample with another's prompt only "dog" for the boot fits.
  assertAlmostEquals(noun!.floor, 1 / 12);
  assertEquals(stages.nouns!.all_stated, noun!);
  assertEquals(stages.nouns!.noun_and_colour, null);
  assertEquals(unseen, {});
});

Deno.test("`followingByStage()` joins facts, of prompts that state all of them", () => {
  const red = { stage: "attributes", stated: ["noun", "colour", "background"] } as const;
  const asked = [
    factsOf([thing("dog", { colour: "red" })], red),
    factsOf([thing("cat", { colour: "red" })], red),
    factsOf([thing("boot")], { stage: "attributes", stated: ["noun", "background"] }),
  ];
  const seen = [
    layoutOf(factsOf([thing("dog", { colour: "blue" })])),
    layoutOf(factsOf([thing("cat", { colour: "red" })], { background: "pink" })),
    layoutOf(factsOf([thing("boot")])),
  ];
  const { attributes } = followingByStage(asked, seen, asked.map(layoutOf)).stages;
  const value = (share: { value: number; count: number } | null | undefined) =>
    share && [share.value, share.count];
  assertEquals(value(attributes!.facts.noun), [1, 3]);
  assertEquals(value(attributes!.facts.colour), [1 / 2, 2]);
  assertEquals(value(attributes!.noun_and_colour), [1 / 2, 2]);
  assertEquals(value(attributes!.noun_and_background), [2 / 3, 3]);
  assertEquals(value(attributes!.all_stated), [1 / 3, 3]);
  assertEquals(attributes!.all_stated.ceiling, 1);
});

Deno.test("`followingByStage()` keeps unseen combinations apart", () => {
  const said = { stage: "attributes", stated: ["noun", "colour"] } as const;
  const asked = [
    factsOf([thing("dog", { colour: "red" })], said),
    factsOf([thing("cat", { colour: "red" })], { ...said, unseen: true }),
  ];
  const { stages, unseen } = followingByStage(asked, asked.map(layoutOf), asked.map(layoutOf));
  assertEquals([stages.attributes!.samples, unseen.attributes!.samples], [1, 1]);
  assert(!("nouns" in stages) && !("scenes" in unseen));
});

Deno.test("`followingByStage()` refuses numbers of pictures that differ", () => {
  assertThrows(() => followingByStage(nouns, layouts.slice(1), layouts), "4 prompts, 3 samples");
});
