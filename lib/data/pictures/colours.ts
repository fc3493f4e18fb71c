/** Red, green and blue, 0 … 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Colours that things are painted in. */
export const COLOURS: Readonly<Record<string, Rgb>> = {
  red: [214, 34, 40],
  orange: [244, 126, 22],
  yellow: [252, 212, 40],
  green: [34, 142, 62],
  blue: [30, 90, 216],
  purple: [138, 56, 188],
  white: [244, 244, 246],
  black: [40, 40, 46],
};

/** Colours of backgrounds: softer than those of things, so that what is painted stands out. */
export const BACKGROUNDS: Readonly<Record<string, Rgb>> = {
  white: [247, 246, 242],
  grey: [146, 149, 156],
  black: [30, 30, 36],
  pink: [250, 170, 200],
  yellow: [250, 226, 120],
  green: [132, 204, 134],
  blue: [112, 176, 240],
  purple: [176, 144, 224],
};

export const COLOUR_NAMES: readonly string[] = Object.keys(COLOURS);
export const BACKGROUND_NAMES: readonly string[] = Object.keys(BACKGROUNDS);
