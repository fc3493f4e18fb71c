import type { Random } from "../../random.ts";
import { BACKGROUND_NAMES, COLOUR_NAMES } from "./colours.ts";
import { isUnseen } from "./combinations.ts";
import {
  type Fact,
  type PictureFacts,
  type PictureObject,
  type Relation,
  RELATIONS,
  SIZES,
} from "./facts.ts";
import { NOUNS } from "./nouns.ts";

/** Where the second thing lies, seen from the first. */
const OPPOSITE: Readonly<Record<Relation, Relation>> = {
  "left of": "right of",
  "right of": "left of",
  above: "below",
  below: "above",
};

/**
 * Whether a caption that says `said.stated` of `said` could be true of a picture of `shown`.
 *
 * Doubt counts as true: "a chair" of a picture with two chairs, "a red apple" of an apple in its own colours.
 */
export function couldDescribe(said: PictureFacts, shown: PictureFacts): boolean {
  const says = (fact: Fact) => said.stated.includes(fact);
  if (says("background") && said.background !== shown.background) return false;
  const [first, second] = said.objects as [PictureObject, PictureObject | undefined];
  const fits = (object: PictureObject, other: PictureObject | undefined) =>
    other !== undefined && object.noun === other.noun &&
    (!says("colour") || !object.colour || !other.colour || object.colour === other.colour) &&
    (!says("count") || object.count === other.count) &&
    (!says("size") || object !== first || object.size === other.size);

  const [one, two] = shown.objects;
  if (!second) return fits(first, one) || fits(first, two);
  const fitsRelation = (relation: Relation | null) =>
    !says("relation") || said.relation === relation;
  return fits(first, one) && fits(second, two) && fitsRelation(shown.relation) ||
    fits(first, two) && fits(second, one) &&
      fitsRelation(shown.relation && OPPOSITE[shown.relation]);
}

/**
 * The facts of a caption that is wrong about the picture in one respect only: another noun, colour, background, size
 * or count, the opposite relation, or two things that have changed places or colours.
 */
export function changeOneFact(facts: PictureFacts, random: Random): PictureFacts {
  // Two things may be so alike that changing places changes nothing, and combinations that are kept out of training
  // must not come in as wrong captions: then something else is changed.
  while (true) {
    const other = changed(facts, random);
    const unseen = other.objects.some(({ noun, colour }) => isUnseen(noun, colour));
    if (!couldDescribe(other, facts) && (!unseen || facts.unseen)) return other;
  }
}

function changed(facts: PictureFacts, random: Random): PictureFacts {
  const { objects, relation, stated } = facts;
  const [first, second] = objects as [PictureObject, PictureObject | undefined];
  const which = second && random.integer(2) === 1 ? second : first;
  const change = (changes: Partial<PictureObject>, object = which): PictureFacts => ({
    ...facts,
    objects: objects.map((other) => other === object ? { ...other, ...changes } : other),
  });
  switch (stated[random.integer(stated.length)]!) {
    case "noun": {
      // Of two things, half of the time they change names instead.
      if (second && random.integer(2) === 0) {
        return {
          ...facts,
          objects: [{ ...first, noun: second.noun }, { ...second, noun: first.noun }],
        };
      }
      return change({ noun: another(random, NOUNS.map(({ name }) => name), which.noun) });
    }
    case "colour": {
      if (second && random.integer(2) === 0) {
        return {
          ...facts,
          objects: [{ ...first, colour: second.colour }, { ...second, colour: first.colour }],
        };
      }
      const painted = which.colour === null ? first : which;
      return change({ colour: another(random, COLOUR_NAMES, painted.colour) }, painted);
    }
    case "background":
      return { ...facts, background: another(random, BACKGROUND_NAMES, facts.background) };
    case "size":
      return change({ size: another(random, SIZES, first.size) }, first);
    case "count":
      return change({ count: another(random, [1, 2, 3], which.count) });
    case "relation":
      return {
        ...facts,
        relation: random.integer(2) === 0
          ? OPPOSITE[relation!]
          : another(random, RELATIONS, relation!),
      };
  }
}

/** A random value other than the one given. */
function another<T>(random: Random, values: readonly T[], than: T | null): T {
  const others = values.filter((value) => value !== than);
  return others[random.integer(others.length)]!;
}
