import { assert, assertEquals } from "@std/assert";
import { isUnseen, pictures, sampleFacts } from "../../../lib/data/mod.ts";
import { type PictureFacts, type PictureObject, STAGES } from "../../../lib/data/pictures/facts.ts";
import { SAID_CHOICES, saidClasses } from "../../../lib/data/pictures/said.ts";
import { changeOneFact, couldDescribe } from "../../../lib/data/pictures/truth.ts";
import { createRandom } from "../../../lib/random.ts";

const thing = (noun: string, changes: Partial<PictureObject> = {}): PictureObject => ({
  noun,
  colour: null,
  size: "medium",
  count: 1,
  ...changes,
});

const facts = (changes: Partial<PictureFacts>): PictureFacts => ({
  stage: "scenes",
  objects: [thing("chair")],
  background: "blue",
  relation: null,
  stated: ["noun"],
  unseen: false,
  ...changes,
});

Deno.test("a caption could describe every picture of which all that it says is true", () => {
  const chair = facts({});
  const picture = facts({
    objects: [thing("dog", { count: 2 }), thing("chair", { colour: "red", size: "small" })],
    relation: "left of",
  });
  assert(couldDescribe(chair, picture), "a chair is in it");
  assert(!couldDescribe(facts({ objects: [thing("clock")] }), picture), "no clock is");
  const red = facts({ objects: [thing("chair", { colour: "red" })], stated: ["noun", "colour"] });
  assert(couldDescribe(red, picture));
  const blue = { ...red, objects: [thing("chair", { colour: "blue" })] };
  assert(!couldDescribe(blue, picture));
  assert(couldDescribe(blue, chair), "in its own colours: who knows");
  const on = (background: string) => facts({ background, stated: ["noun", "background"] });
  assertEquals([couldDescribe(on("blue"), picture), couldDescribe(on("pink"), picture)], [
    true,
    false,
  ]);
  const two = facts({ objects: [thing("dog", { count: 2 })], stated: ["noun", "count"] });
  const three = facts({ objects: [thing("dog", { count: 3 })], stated: ["noun", "count"] });
  assertEquals([couldDescribe(two, picture), couldDescribe(three, picture)], [true, false]);
  assert(couldDescribe({ ...three, stated: ["noun"] }, picture), "how many is not said");
});

Deno.test("a relation may be said from either side", () => {
  const scene = (first: string, relation: PictureFacts["relation"], second: string) =>
    facts({ objects: [thing(first), thing(second)], relation, stated: ["noun", "relation"] });
  const shown = scene("dog", "left of", "chair");
  assert(couldDescribe(scene("dog", "left of", "chair"), shown));
  assert(couldDescribe(scene("chair", "right of", "dog"), shown));
  assert(!couldDescribe(scene("chair", "left of", "dog"), shown));
  assert(!couldDescribe(scene("dog", "above", "chair"), shown));
  assert(!couldDescribe(scene("dog", "left of", "clock"), shown));
  assert(!couldDescribe(shown, facts({ objects: [thing("dog")] })), "one of the two is missing");
});

Deno.test("a changed fact makes a caption wrong, one fact at a time, without unseen combinations", () => {
  const random = createRandom(1);
  for (let i = 0; i < 3000; i++) {
    const before = sampleFacts(random, STAGES[i % 3]!), after = changeOneFact(before, random);
    assert(couldDescribe(before, before));
    assert(!couldDescribe(after, before), JSON.stringify([before, after]));
    assert(!after.objects.some(({ noun, colour }) => isUnseen(noun, colour)));
    assertEquals([after.stated, after.objects.length], [before.stated, before.objects.length]);
    const [one, other] = [saidClasses(before), saidClasses(after)];
    const changed = SAID_CHOICES.filter((_, i) => one[i] !== other[i]).map(({ fact }) => fact);
    assertEquals(new Set(changed).size, 1, `${changed}`);
  }
});

Deno.test("what a caption says is 0 where it says nothing, and a value's place from 1 where it does", async () => {
  const said = (name: string, facts: PictureFacts) => {
    const i = SAID_CHOICES.findIndex((choice) => choice.name === name);
    return SAID_CHOICES[i]!.values[saidClasses(facts)[i]! - 1] ?? null;
  };
  const scene = facts({
    objects: [thing("dog", { count: 2 }), thing("chair", { colour: "red", size: "small" })],
    relation: "above",
    stated: ["noun", "colour", "count", "relation"],
  });
  assertEquals(SAID_CHOICES.map(({ name }) => said(name, scene)), [
    "dog",
    "chair",
    null,
    "red",
    null,
    null,
    "2",
    "1",
    "above",
  ]);
  const { captions, facts: all } = await pictures({ size: 60, imageSize: 16 });
  all.forEach((one, i) => {
    const background = said("background", one);
    if (background) assert(captions[i]!.includes(background), captions[i]);
    assertEquals(saidClasses(one).length, SAID_CHOICES.length);
  });
});
