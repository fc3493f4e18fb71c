import { COLOURS, type Rgb } from "./colours.ts";

/** How far shading may leave the colour: towards black, and towards white. */
const DARKEST = 0.62, LIGHTEST = 0.55;

/**
 * How light each visible pixel is, seen from the artwork's average: 0 … 255, the average at 128.
 *
 * `pixels` are multiplied by their opacity [N, 4]. Two standard deviations span the range, so that flat artwork and
 * contrasty artwork keep as much form when they are painted.
 */
export function shadesOf(pixels: Uint8Array): Uint8Array {
  const count = pixels.length / 4, light = new Float64Array(count);
  let sum = 0, squares = 0, weight = 0;
  for (let i = 0; i < count; i++) {
    const opacity = pixels[i * 4 + 3]!;
    if (opacity === 0) continue;
    const value = luminance(pixels[i * 4]!, pixels[i * 4 + 1]!, pixels[i * 4 + 2]!) * 255 / opacity;
    light[i] = value;
    sum += opacity * value;
    squares += opacity * value * value;
    weight += opacity;
  }
  const mean = sum / weight, spread = Math.sqrt(Math.max(0, squares / weight - mean * mean));
  const range = 2 * Math.max(20, spread);
  return Uint8Array.from(
    light,
    (value) => Math.round(128 + 127 * Math.max(-1, Math.min(1, (value - mean) / range))),
  );
}

/** A colour at each shade [256, 3]: itself in the middle, darker below, lighter above. */
export function shadesOfColour(name: string): Uint8Array {
  const colour = COLOURS[name];
  if (!colour) {
    throw new RangeError(
      `There is no colour "${name}": expected one of ${Object.keys(COLOURS).join(", ")}`,
    );
  }
  let table = tables.get(name);
  if (!table) tables.set(name, table = shadeTable(colour));
  return table;
}

const tables = new Map<string, Uint8Array>();

function shadeTable(colour: Rgb): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let shade = 0; shade < 256; shade++) {
    const light = (shade - 128) / 127;
    for (let c = 0; c < 3; c++) {
      const value = light < 0
        ? colour[c]! * (1 + DARKEST * light)
        : colour[c]! + (255 - colour[c]!) * LIGHTEST * light;
      table[shade * 3 + c] = Math.round(value);
    }
  }
  return table;
}

function luminance(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
