/** Paper and ink of every figure, on light paper and on dark. */
const INKS = {
  paper: ["#fcfcfb", "#1d2126"],
  text: ["#30343a", "#e4e7eb"],
  /** Ticks and other words that matter less. */
  faint: ["#5f656d", "#a9b0b9"],
  axis: ["#8d939b", "#767d87"],
  grid: ["#e6e7e8", "#343a41"],
  /** Where there is no number, and the hatching on it. */
  nothing: ["#e3e4e6", "#33383f"],
  hatch: ["#a2a7ad", "#6b727b"],
  /** Arrows of a field, behind what matters. */
  arrow: ["#7d848d", "#8a929c"],
} as const;

/**
 * Told apart by people with any kind of colour vision, on light paper and on dark: blue and vermilion of Okabe & Ito
 * (2008), the others searched for the largest least difference (CIE L*a*b*) without red, green or blue cones.
 */
const DISTINCT = [
  ["#0072b2", "#56b4e9"],
  ["#d55e00", "#f58a3c"],
  ["#145245", "#b6fbde"],
  ["#c05985", "#f53d8d"],
  ["#6f662a", "#f5eaa3"],
  ["#000e66", "#a655f6"],
] as const;

/** Steps of one quantity: a ramp of rising lightness, seen as such without colour too. */
const ORDERED = [
  ["#1b2a5e", "#7f8fdc"],
  ["#2c4f8f", "#6aa3e0"],
  ["#2f78a4", "#55b9d6"],
  ["#2f9c95", "#4fc9b5"],
  ["#57b275", "#77d68c"],
  ["#9aaf3b", "#bcd35a"],
  ["#c98f1b", "#edb745"],
  ["#d0602a", "#f58a5b"],
] as const;

/** Colours on light paper, by use. */
export const INK: Readonly<Record<keyof typeof INKS, string>> = Object.fromEntries(
  Object.entries(INKS).map(([use, [light]]) => [use, light]),
) as Record<keyof typeof INKS, string>;

/** For each colour on light paper the one on dark paper that takes its place. */
export const ON_DARK: Readonly<Record<string, string>> = Object.fromEntries([
  ...Object.values(INKS),
  ...DISTINCT,
  ...ORDERED,
]);

/** Red, green and blue in 0 … 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** How numbers become colours: rising from the least, or both ways from zero. */
export type Scale = "sequential" | "diverging";

/** Colour of the i-th of `count` things; a ramp if they are steps of one quantity. */
export function colourOf(i: number, count: number, ordered = false): string {
  if (!ordered || count < 2) return DISTINCT[i % DISTINCT.length]![0];
  return ORDERED[Math.round(i * (ORDERED.length - 1) / (count - 1))]![0];
}

/** Colour at `share` in [0, 1] of a scale. */
export function ramp(scale: Scale, share: number): Colour {
  const stops = scale === "sequential" ? VIRIDIS : RED_BLUE;
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(place));
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(stops[i]![channel] + (place - i) * (stops[i + 1]![channel] - stops[i]![channel]));
  return [mix(0), mix(1), mix(2)];
}

/** Black or white, whichever is easier to read on the colour (relative luminance of WCAG 2). */
export function inkOn(colour: Colour): string {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue! > 0.18 ? "#111418" : "#ffffff";
}

/** Viridis (Smith & van der Walt 2015) at equal steps: even for the eye, and rising in lightness. */
const VIRIDIS: readonly Colour[] = [
  [68, 1, 84],
  [72, 36, 117],
  [65, 68, 135],
  [53, 95, 141],
  [42, 120, 142],
  [33, 145, 140],
  [34, 168, 132],
  [68, 191, 112],
  [122, 209, 81],
  [189, 223, 38],
  [253, 231, 37],
];

/** Blue through near white to red (RdBu of Brewer 2003, reversed): told apart by the colour-blind. */
const RED_BLUE: readonly Colour[] = [
  [5, 48, 97],
  [33, 102, 172],
  [67, 147, 195],
  [146, 197, 222],
  [209, 229, 240],
  [247, 247, 247],
  [253, 219, 199],
  [244, 165, 130],
  [214, 96, 77],
  [178, 24, 43],
  [103, 0, 31],
];
