import type { Screen } from "./figure.ts";

/** Pixels of red, green and blue in 0 … 255, [height, width, 3]. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}

/**
 * Pixels as lines of block characters: in colour two pixels to a character, one over the other; without colour
 * in five shades, bright as a full block.
 */
export function pixelText(pixels: Pixels, { columns, colours }: Screen): string[] {
  const { data, width, height } = shrink(pixels, columns);
  const lines: string[] = [];
  for (let y = 0; y < height; y += 2) {
    let line = "", before = "";
    for (let x = 0; x < width; x++) {
      const top = data.subarray((y * width + x) * 3).subarray(0, 3);
      const below = y + 1 < height
        ? data.subarray(((y + 1) * width + x) * 3).subarray(0, 3)
        : new Uint8Array(3);
      if (!colours) {
        // The root lifts thin lines, which the mean has dimmed.
        const light = Math.sqrt((mean(top) + mean(below)) / 2 / 256);
        line += SHADES[Math.floor(light * SHADES.length)];
        continue;
      }
      const paint = `\x1b[38;2;${top.join(";")};48;2;${below.join(";")}m`;
      line += (paint === before ? "" : paint) + "▀";
      before = paint;
    }
    lines.push(colours ? `${line}\x1b[0m` : line.trimEnd());
  }
  return lines;
}

const SHADES = [" ", "░", "▒", "▓", "█"] as const;

function mean(colour: Uint8Array): number {
  return (colour[0]! + colour[1]! + colour[2]!) / 3;
}

/** Means of squares of pixels, as large as they have to be for the picture to fit the width. */
function shrink({ data, width, height }: Pixels, most: number): Pixels {
  const size = Math.ceil(width / most);
  if (size <= 1) return { data, width, height };
  const wide = Math.floor(width / size), high = Math.ceil(height / size);
  const small = new Uint8Array(wide * high * 3);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0, count = 0;
        for (let i = y * size; i < Math.min(height, (y + 1) * size); i++) {
          for (let j = x * size; j < (x + 1) * size; j++) {
            sum += data[(i * width + j) * 3 + c]!;
            count++;
          }
        }
        small[(y * wide + x) * 3 + c] = sum / count;
      }
    }
  }
  return { data: small, width: wide, height: high };
}
