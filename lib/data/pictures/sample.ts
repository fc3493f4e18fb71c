import type { Random } from "../../random.ts";
import { BACKGROUND_NAMES, COLOUR_NAMES } from "./colours.ts";
import { isUnseen } from "./combinations.ts";
import {
  type Fact,
  type PictureFacts,
  type PictureObject,
  type PictureSize,
  type Relation,
  RELATIONS,
  SIZES,
  type Stage,
} from "./facts.ts";
import { nounNamed, NOUNS } from "./nouns.ts";

/** How often a caption of the attributes stage says a fact, beside the noun. */
const SAID = { background: 0.8, colour: 0.75, size: 0.5 };

/** Options of {@linkcode sampleFacts}. */
export interface SampleOptions {
  /** "seen" by default: no combination of noun and colour that is kept out of training. */
  combinations?: "seen" | "unseen";
}

/**
 * Draws the facts of one random picture of a stage.
 *
 * "unseen" pictures have a combination that no training picture has, in their first object, and say its colour; there
 * are none in the nouns stage: asking for them throws a RangeError.
 */
export function sampleFacts(
  random: Random,
  stage: Stage,
  { combinations = "seen" }: SampleOptions = {},
): PictureFacts {
  const unseen = combinations === "unseen";
  if (unseen && stage === "nouns") {
    throw new RangeError(
      "There are no unseen combinations in the nouns stage: expected attributes or scenes",
    );
  }
  const chance = (probability: number) => random.uniform() < probability;
  if (stage === "nouns") return finish(random, stage, [natural(random, "large")], []);

  if (stage === "attributes") {
    const says = {
      background: chance(SAID.background),
      colour: chance(SAID.colour) || unseen,
      size: chance(SAID.size),
    };
    const painted = says.colour || chance(0.5);
    const object = natural(random, says.size ? anyOf(random, SIZES) : "large");
    if (painted) paint(random, object, unseen);
    return finish(random, stage, [object], saidOf(says));
  }

  const two = chance(0.75), counts = [countOf(random), countOf(random)];
  const says = {
    colour: chance(0.5) || unseen,
    background: chance(0.4),
    size: chance(two ? 0.15 : 0.3),
    count: true,
    relation: two,
  };
  const first = natural(random, roomFor(counts[0]!, two), counts[0]);
  if (says.size) first.size = anyOf(random, SIZES.slice(0, 1 + SIZES.indexOf(first.size)));
  if (says.colour || chance(0.2)) paint(random, first, unseen);
  const objects = [first];
  if (two) {
    const second = natural(random, roomFor(counts[1]!, two), counts[1]);
    while (second.noun === first.noun) second.noun = anyOf(random, NOUNS).name;
    if (chance(says.colour ? 0.4 : 0.1)) paint(random, second, false);
    objects.push(second);
  }
  return finish(random, stage, objects, saidOf(says), two ? anyOf(random, RELATIONS) : null);
}

/** The largest size for which there is room: that of all things whose size is not said. */
function roomFor(count: number, two: boolean): PictureSize {
  if (two) return count === 3 ? "small" : "medium";
  return count === 1 ? "large" : "medium";
}

/** One, two or three, one half of the time. */
function countOf(random: Random): number {
  return anyOf(random, [1, 1, 2, 3]);
}

/** A random thing in its own colours. */
function natural(random: Random, size: PictureSize, count = 1): PictureObject {
  return { noun: anyOf(random, NOUNS).name, colour: null, size, count };
}

/** Gives a thing a random colour: another thing, where it has no such combination. */
function paint(random: Random, object: PictureObject, unseen: boolean): void {
  do {
    object.colour = anyOf(random, COLOUR_NAMES);
    if (isUnseen(object.noun, object.colour) === unseen) return;
    if (unseen) object.noun = anyOf(random, NOUNS).name;
  } while (true);
}

function finish(
  random: Random,
  stage: Stage,
  objects: PictureObject[],
  said: readonly Fact[],
  relation: Relation | null = null,
): PictureFacts {
  const free = BACKGROUND_NAMES.filter((name) => objects.every((object) => showsOn(object, name)));
  return {
    stage,
    objects,
    background: anyOf(random, free),
    relation,
    stated: ["noun", ...said],
    unseen: objects.some(({ noun, colour }) => isUnseen(noun, colour)),
  };
}

function showsOn({ noun, colour }: PictureObject, background: string): boolean {
  return colour === null ? !nounNamed(noun).hiddenOn.includes(background) : colour !== background;
}

function saidOf(says: Partial<Record<Fact, boolean>>): Fact[] {
  return (Object.keys(says) as Fact[]).filter((fact) => says[fact]);
}

function anyOf<T>(random: Random, values: readonly T[]): T {
  return values[random.integer(values.length)]!;
}
