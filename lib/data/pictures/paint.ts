import { COLOURS, type Rgb } from "./colours.ts";

/** How far shading may leave the colour: towards black, and towards white. */
const DARKEST = 0.56, LIGHTEST = 0.55;

/**
 * Darkest and lightest shades where plain darkening or lightening would look like another colour.
 *
 * White and black have no room on one side, so there all form is drawn in grey.
 */
const ENDS: Readonly<Record<string, { dark?: Rgb; light?: Rgb }>> = {
  orange: { dark: [158, 62, 0] },
  yellow: { dark: [178, 128, 0] },
  white: { dark: [146, 150, 160], light: [178, 182, 194] },
  black: { dark: [96, 98, 108], light: [112, 114, 124] },
};

/**
 * How light each visible pixel is, seen from what most of the artwork is like: 0 … 255, the median at 128.
 *
 * `pixels` are multiplied by their opacity [N, 4]. Two standard deviations span the range, so that flat artwork and
 * contrasty artwork keep as much form when they are painted.
 */
export function shadesOf(pixels: Uint8Array): Uint8Array {
  const count = pixels.length / 4, light = new Float64Array(count);
  const histogram = new Float64Array(256);
  let weight = 0;
  for (let i = 0; i < count; i++) {
    const opacity = pixels[i * 4 + 3]!;
    if (opacity === 0) continue;
    const value = luminance(pixels[i * 4]!, pixels[i * 4 + 1]!, pixels[i * 4 + 2]!) * 255 / opacity;
    light[i] = value;
    histogram[Math.min(255, Math.round(value))]! += opacity;
    weight += opacity;
  }
  let median = 0, squares = 0;
  for (let below = histogram[0]!; 2 * below < weight; below += histogram[++median]!);
  histogram.forEach((part, value) => squares += part * (value - median) ** 2);
  const range = 2 * Math.max(20, Math.sqrt(squares / weight));
  return Uint8Array.from(
    light,
    (value) => Math.round(128 + 127 * Math.max(-1, Math.min(1, (value - median) / range))),
  );
}

/**
 * A colour at each shade [256, 3]: itself in the middle, darker below, lighter above.
 *
 * Throws a RangeError when there is no such colour.
 */
export function shadesOfColour(name: string): Uint8Array {
  let table = tables.get(name);
  if (!table) tables.set(name, table = shadeTable(name));
  return table;
}

const tables = new Map<string, Uint8Array>();

function shadeTable(name: string): Uint8Array {
  const colour = COLOURS[name];
  if (!colour) {
    throw new RangeError(
      `There is no colour "${name}": expected one of ${Object.keys(COLOURS).join(", ")}`,
    );
  }
  const dark = ENDS[name]?.dark ?? colour.map((value) => value * (1 - DARKEST));
  const light = ENDS[name]?.light ?? colour.map((value) => value + (255 - value) * LIGHTEST);
  const table = new Uint8Array(256 * 3);
  for (let shade = 0; shade < 256; shade++) {
    const part = (shade - 128) / 127, end = part < 0 ? dark : light;
    for (let c = 0; c < 3; c++) {
      table[shade * 3 + c] = Math.round(
        colour[c]! + (end[c]! - colour[c]!) * Math.min(1, Math.abs(part)),
      );
    }
  }
  return table;
}

function luminance(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
