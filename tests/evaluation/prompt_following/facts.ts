import type { PictureFacts, PictureObject } from "@course/data/pictures/facts.ts";

/** One thing by hand: a medium one in its own colours, unless said otherwise. */
export function thing(noun: string, rest: Partial<PictureObject> = {}): PictureObject {
  return { noun, colour: null, size: "medium", count: 1, ...rest };
}

/** Facts by hand: one thing on white of which only the noun is said, unless said otherwise. */
export function factsOf(
  objects: readonly PictureObject[],
  rest: Partial<PictureFacts> = {},
): PictureFacts {
  return {
    stage: objects.length > 1 ? "scenes" : "nouns",
    objects,
    background: "white",
    relation: null,
    stated: ["noun"],
    unseen: false,
    ...rest,
  };
}
