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

/** Free parts of the side: around the picture, and between things. */
const MARGIN = 0.03, GAP = 0.045;

/** How far a thing or a group lies from where it belongs at most: across the line of two groups, and along it. */
const ASIDE = 0.04, ALONG = 0.01;

/** Where the middles of two groups belong, along their line. */
const MIDDLES = [0.26, 0.74] as const;

/**
 * Places all things of a picture, at random within what the facts say: inside it, and none on another.
 *
 * What stands alone lies near the middle, and two groups near the middles of the picture's halves, as in a catalogue: a
 * small model that must learn every thing for every place anew learns no shapes in minutes (docs/experiments/latent.md).
 */
export function layOut(facts: PictureFacts, random: Random): Place[] {
  const { objects, relation } = facts;
  const across = relation === "left of" || relation === "right of";
  const reversed = relation === "right of" || relation === "below";
  return objects.flatMap((object, n) => {
    const side = sideOf(facts, object, random);
    const form = formOf(object, side, across);
    const own = {
      x: nearMiddle(form.width, random),
      y: nearMiddle(form.height, random),
    };
    if (relation) {
      const middle = MIDDLES[(n === 1) === reversed ? 0 : 1] + ALONG * (2 * random.uniform() - 1);
      own[across ? "x" : "y"] = middle;
    }
    return form.offsets.map(([dx, dy]) => ({ object, x: own.x + dx, y: own.y + dy, side }));
  });
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
