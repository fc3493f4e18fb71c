import type { Fact, PictureFacts, PictureObject } from "../../data/pictures/facts.ts";
import { type Layout, layoutOf } from "./layout.ts";

/** Whether each fact that a caption states is seen in a picture; facts that it does not state are left out. */
export type Verdict = Partial<Record<Fact, boolean>>;

/**
 * Compares what was asked for with what is seen.
 *
 * Of two things each is compared with the one that looks most like it, wherever they lie: "a dog left of a clock"
 * drawn the wrong way round has the right nouns and the wrong relation. A relation is right only if both nouns are
 * (as in VISOR, Gokhale et al. 2022), and a count only if there are as many groups as were asked for.
 */
export function compareFacts(asked: PictureFacts, seen: Layout): Verdict {
  const wanted = layoutOf(asked);
  const pairs = pairUp(wanted.groups, seen.groups);
  const every = (same: (wanted: PictureObject, seen: PictureObject) => boolean) =>
    pairs.every(([wanted, seen]) => seen !== undefined && same(wanted, seen));
  const noun = every((a, b) => a.noun === b.noun);
  const inPlace = pairs.every(([, seenGroup], i) => seenGroup === seen.groups[i]);
  const verdicts: Record<Fact, boolean> = {
    noun,
    colour: every((a, b) => a.colour === null || a.colour === b.colour),
    background: wanted.background === seen.background,
    // Captions give the size of the first thing only.
    size: every((a, b) => a !== asked.objects[0] || a.size === b.size),
    count: wanted.groups.length === seen.groups.length && every((a, b) => a.count === b.count),
    relation: noun && inPlace && wanted.axis === seen.axis,
  };
  return Object.fromEntries(asked.stated.map((fact) => [fact, verdicts[fact]]));
}

type Pair = [wanted: PictureObject, seen: PictureObject | undefined];

/** Each group with the one that it is compared with: the order in which more is right, as they lie if equally much. */
function pairUp(wanted: readonly PictureObject[], seen: readonly PictureObject[]): Pair[] {
  // A single thing is compared with the first group, so that drawing two never helps.
  const straight = wanted.map((group, i): Pair => [group, seen[i]]);
  if (wanted.length < 2 || seen.length < 2) return straight;
  const crossed = wanted.map((group, i): Pair => [group, seen[1 - i]]);
  return likeness(crossed) > likeness(straight) ? crossed : straight;
}

/** Nouns decide, the rest breaks ties. */
function likeness(pairs: readonly Pair[]): number {
  return pairs.reduce((sum, [a, b]) => {
    if (!b) return sum;
    const rest = Number(a.colour === b.colour) + Number(a.size === b.size) +
      Number(a.count === b.count);
    return sum + 10 * Number(a.noun === b.noun) + rest;
  }, 0);
}
