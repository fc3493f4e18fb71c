/** How much a caption says: a thing; its colour, size and background; several things and how they lie. */
export const STAGES = ["nouns", "attributes", "scenes"] as const;
export type Stage = typeof STAGES[number];

/** Sizes that a caption can ask for. */
export const SIZES = ["small", "medium", "large"] as const;
export type PictureSize = typeof SIZES[number];

/** Where the first thing of a scene lies, seen from the second. */
export const RELATIONS = ["left of", "right of", "above", "below"] as const;
export type Relation = typeof RELATIONS[number];

/** What can be said about a picture and be judged. */
export const FACTS = ["noun", "colour", "background", "size", "count", "relation"] as const;
export type Fact = typeof FACTS[number];

/** Some equal things in a picture. */
export interface PictureObject {
  /** Name in the singular: `"chair"`. */
  noun: string;
  /** Name of the colour that it is painted in; null leaves the artwork its own colours. */
  colour: string | null;
  size: PictureSize;
  /** How many, from 1. */
  count: number;
}

/** The exact truth about a picture. */
export interface PictureFacts {
  stage: Stage;
  /** One kind of thing, or two in a relation. */
  objects: readonly PictureObject[];
  /** Name of the background's colour. */
  background: string;
  /** Where the first object lies, seen from the second; null for a single object. */
  relation: Relation | null;
  /**
   * What the caption says: only these facts can be asked of a picture drawn for it.
   *
   * "noun" and "count" are said of every object ("count" in scenes alone: elsewhere there is one thing), "colour" of
   * every object that is painted, so whose `colour` is not null, "size" of the first object only.
   */
  stated: readonly Fact[];
  /** Whether the picture has a combination of noun and colour that is kept out of training. */
  unseen: boolean;
}
