import type { PictureFacts, PictureObject } from "../../data/pictures/facts.ts";

/** How the things of a picture lie: one group, two side by side, or two on top of each other. */
export const AXES = ["single", "horizontal", "vertical"] as const;
export type Axis = typeof AXES[number];

/**
 * What can be seen in a picture, independent of how it is said: "a dog left of a clock" and "a clock right of a
 * dog" have one layout.
 */
export interface Layout {
  axis: Axis;
  /** The group that is there alone, or the left or upper and the right or lower one. */
  groups: readonly PictureObject[];
  background: string;
}

/** The layout of a picture of which these facts are true. */
export function layoutOf({ objects, relation, background }: PictureFacts): Layout {
  const [first, second] = objects;
  if (!first || (second === undefined) !== (relation === null) || objects.length > 2) {
    throw new RangeError(
      `Cannot lay out ${objects.length} objects with the relation "${relation}": ` +
        "expected one object without a relation, or two with one",
    );
  }
  if (!second) return { axis: "single", groups: [first], background };
  const swapped = relation === "right of" || relation === "below";
  return {
    axis: relation === "left of" || relation === "right of" ? "horizontal" : "vertical",
    groups: swapped ? [second, first] : [first, second],
    background,
  };
}
