import type { Random } from "../../random.ts";
import type { PictureFacts, PictureObject, PictureSize } from "./facts.ts";

/** Where one thing lies: the middle of a square of this side, in parts of the picture's side. */
export interface Place {
  object: PictureObject;
  x: number;
  y: number;
  side: number;
}

/** Longer side of a thing that stands alone, in parts of the picture's side. */
export const SIDES: Readonly<Record<PictureSize, readonly [from: number, to: number]>> = {
  small: [0.26, 0.3],
  medium: [0.44, 0.5],
  large: [0.7, 0.8],
};

/** The same where there are several things or groups: the top of "small", the bottom of "medium". */
const SIDES_IN_GROUPS: typeof SIDES = {
  small: [0.24, 0.27],
  medium: [0.37, 0.41],
  large: [0.7, 0.8],
};

/** Free parts of the side: around the picture, between things, and between the groups of a relation. */
const MARGIN = 0.03, GAP = 0.045, BETWEEN = 0.06;

/** How far a thing or a group lies from the middle at most. */
const ASIDE = 0.04;

/**
 * Places all things of a picture, at random within what the facts say: inside it, and none on another.
 *
 * What stands alone lies near the middle, and groups near the middle line, as in a catalogue: a small model that must
 * learn every thing for every place anew learns no shapes in minutes (docs/experiments/latent.md).
 */
export function layOut(facts: PictureFacts, random: Random): Place[] {
  const [first, second] = facts.objects as [PictureObject, PictureObject | undefined];
  if (!second) return placeGroup(first, sideOf(facts, first, random), random);

  const across = facts.relation === "left of" || facts.relation === "right of";
  const sides = [first, second].map((object) => sideOf(facts, object, random));
  // The second group's half begins where the first one ends; what is left over is spread at random.
  const forms = [first, second].map((object, n) => formOf(object, sides[n]!, across));
  const along = forms.map(({ width, height }) => across ? width : height) as [number, number];
  const free = 1 - 2 * MARGIN - BETWEEN - along[0] - along[1];
  const before = free * between(random, 0.25, 0.35), after = free * between(random, 0.25, 0.35);
  const reversed = facts.relation === "right of" || facts.relation === "below";
  const order = reversed ? [1, 0] : [0, 1];
  let start = MARGIN + before;
  const places: Place[][] = [[], []];
  for (const n of order) {
    const form = forms[n]!, length = along[n]!;
    const thick = across ? form.height : form.width;
    const aside = nearMiddle(thick, random);
    const object = n === 0 ? first : second;
    places[n] = form.offsets.map(([dx, dy]) => ({
      object,
      x: (across ? start + length / 2 : aside) + dx,
      y: (across ? aside : start + length / 2) + dy,
      side: sides[n]!,
    }));
    start += length + BETWEEN + (free - before - after);
  }
  return places.flat();
}

function placeGroup(object: PictureObject, side: number, random: Random): Place[] {
  const form = formOf(object, side, false);
  const x = nearMiddle(form.width, random), y = nearMiddle(form.height, random);
  return form.offsets.map(([dx, dy]) => ({ object, x: x + dx, y: y + dy, side }));
}

/** Where the middle of something of this length lies, inside the picture. */
function nearMiddle(length: number, random: Random): number {
  const room = Math.min(ASIDE, 0.5 - MARGIN - length / 2);
  return 0.5 + room * (2 * random.uniform() - 1);
}

/** How the things of a group lie around its middle. */
interface Form {
  width: number;
  height: number;
  offsets: readonly (readonly [dx: number, dy: number])[];
}

/** A single thing, a row or a column, or three in a triangle where there is room for it. */
function formOf(object: PictureObject, side: number, upright: boolean): Form {
  const step = side + GAP, { count } = object;
  if (count === 3 && 2 * step > 0.8) {
    const half = step / 2;
    return {
      width: side + step,
      height: side + step,
      offsets: [[-half, half], [half, half], [0, -half]],
    };
  }
  const length = side + (count - 1) * step;
  const along = Array.from({ length: count }, (_, i) => (i - (count - 1) / 2) * step);
  return upright
    ? { width: side, height: length, offsets: along.map((d) => [0, d] as const) }
    : { width: length, height: side, offsets: along.map((d) => [d, 0] as const) };
}

function sideOf(facts: PictureFacts, object: PictureObject, random: Random): number {
  const many = facts.objects.length > 1 || object.count > 1;
  const [from, to] = (many ? SIDES_IN_GROUPS : SIDES)[object.size];
  return between(random, from, to);
}

function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random.uniform();
}
