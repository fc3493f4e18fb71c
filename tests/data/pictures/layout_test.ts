import { assert } from "@std/assert";
import { layOut, SIDES } from "@course/data/pictures/layout.ts";
import { type PictureFacts, type Relation, sampleFacts } from "@course/data/pictures/mod.ts";
import { createRandom } from "@course/random.ts";

const random = createRandom(5);
const scenes = Array.from({ length: 3000 }, () => sampleFacts(random, "scenes"));

for (const size of [32, 64]) {
  Deno.test(`things keep inside a picture of ${size} pixels and off each other`, () => {
    for (const facts of scenes) {
      const boxes = layOut(facts, random).map((place) => {
        const side = Math.floor(place.side * size);
        const left = Math.round(place.x * size - side / 2);
        const top = Math.round(place.y * size - side / 2);
        return { left, top, right: left + side, bottom: top + side };
      });
      for (const [i, a] of boxes.entries()) {
        assert(a.left >= 0 && a.top >= 0 && a.right <= size && a.bottom <= size, say(facts));
        for (const b of boxes.slice(i + 1)) {
          const apart = Math.max(
            b.left - a.right,
            a.left - b.right,
            b.top - a.bottom,
            a.top - b.bottom,
          );
          assert(apart >= 1, `${say(facts)}: ${apart} pixels apart`);
        }
      }
    }
  });
}

Deno.test("every thing of the first group lies on the stated side of every thing of the second", () => {
  const beside: Record<Relation, (a: Box, b: Box) => boolean> = {
    "left of": (a, b) => a.x + a.side / 2 < b.x - b.side / 2,
    "right of": (a, b) => a.x - a.side / 2 > b.x + b.side / 2,
    above: (a, b) => a.y + a.side / 2 < b.y - b.side / 2,
    below: (a, b) => a.y - a.side / 2 > b.y + b.side / 2,
  };
  const tried = new Set<Relation>();
  for (const facts of scenes.filter(({ relation }) => relation !== null)) {
    tried.add(facts.relation!);
    const places = layOut(facts, random), [first, second] = facts.objects;
    for (const a of places.filter(({ object }) => object === first)) {
      for (const b of places.filter(({ object }) => object === second)) {
        assert(beside[facts.relation!](a, b), say(facts));
      }
    }
  }
  assert(tried.size === 4);
});

Deno.test("there are as many things as counted, and sizes never meet", () => {
  const seen = { small: [1, 0], medium: [1, 0], large: [1, 0] };
  for (const facts of scenes) {
    const places = layOut(facts, random);
    for (const object of facts.objects) {
      const own = places.filter((place) => place.object === object);
      assert(own.length === object.count, say(facts));
      const range = seen[object.size];
      range[0] = Math.min(range[0]!, own[0]!.side);
      range[1] = Math.max(range[1]!, own[0]!.side);
    }
  }
  assert(seen.small[1]! + 0.05 < seen.medium[0]! && seen.medium[1]! + 0.1 < seen.large[0]!);
  assert(seen.large[1]! <= SIDES.large[1]);
});

Deno.test("what stands alone lies near the middle, and groups near the middles of the halves", () => {
  for (const facts of scenes) {
    const places = layOut(facts, random), across = facts.relation?.endsWith("of");
    for (const object of facts.objects) {
      const own = places.filter((place) => place.object === object);
      const x = own.reduce((sum, place) => sum + place.x, 0) / own.length;
      const y = own.reduce((sum, place) => sum + place.y, 0) / own.length;
      // Three in a triangle have their mean a little beside the middle of their box.
      const most = 0.04 + (own.length === 3 ? 0.1 : 0) + 1e-9;
      if (facts.relation === null || across) assert(Math.abs(y - 0.5) < most, say(facts));
      if (facts.relation === null || !across) assert(Math.abs(x - 0.5) < most, say(facts));
      if (facts.relation) {
        const first = (object === facts.objects[0]) === /left|above/.test(facts.relation);
        assert(Math.abs((across ? x : y) - (first ? 0.26 : 0.74)) < 0.01 + 1e-9, say(facts));
      }
    }
  }
});

interface Box {
  x: number;
  y: number;
  side: number;
}

function say({ objects, relation }: PictureFacts): string {
  return objects.map(({ count, size, noun }) => `${count} ${size} ${noun}`).join(` ${relation} `);
}
