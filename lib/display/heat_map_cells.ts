import { encodeBase64 } from "./base64.ts";
import { type Colour, INK, inkOn, ramp, type Scale } from "./colours.ts";
import { cellText, type HeatMapLayout } from "./heat_map_layout.ts";
import { encodePng } from "./png.ts";
import { round, text, widthOf } from "./svg.ts";
import { linearTicks, tickText } from "./ticks.ts";

type Values = readonly (readonly number[])[];

/** One pixel per cell, none where there is no number, as an address that holds them. */
export function colourMap(values: Values, colourAt: (value: number) => Colour): string {
  const height = values.length, width = values[0]!.length;
  const pixels = new Uint8Array(height * width * 4);
  values.flat().forEach((value, i) => {
    if (Number.isFinite(value)) pixels.set([...colourAt(value), 255], i * 4);
  });
  return `data:image/png;base64,${encodeBase64(encodePng(pixels, { width, height }))}`;
}

/** Grey with slanted lines, behind the cells. */
export function hatching({ left, top, right, bottom }: HeatMapLayout): string {
  let lines = "";
  for (let x = left - (bottom - top); x < right; x += 6) {
    lines += `M${round(x)},${round(bottom)}l${round(bottom - top)},${round(top - bottom)}`;
  }
  return `<rect x="${round(left)}" y="${round(top)}" width="${round(right - left)}" height="${
    round(bottom - top)
  }" fill="${INK.nothing}"/><path d="${lines}" stroke="${INK.hatch}" stroke-width="1"/>`;
}

/** Thin lines of paper between the cells. */
export function seams({ rows, columns, cell, left, top, right, bottom }: HeatMapLayout): string {
  let lines = "";
  for (let i = 1; i < rows; i++) {
    lines += `M${round(left)},${round(top + i * cell)}H${round(right)}`;
  }
  for (let j = 1; j < columns; j++) {
    lines += `M${round(left + j * cell)},${round(top)}V${round(bottom)}`;
  }
  return lines && `<path d="${lines}" stroke="${INK.paper}" stroke-width="1"/>`;
}

export function numbers(
  values: Values,
  { left, top, cell }: HeatMapLayout,
  colourAt: (value: number) => Colour,
): string {
  return values.map((row, i) =>
    row.map((value, j) =>
      Number.isFinite(value)
        ? text(left + (j + 0.5) * cell, top + (i + 0.5) * cell + 4, cellText(value), {
          anchor: "middle",
          size: 11,
          colour: inkOn(colourAt(value)),
        })
        : ""
    ).join("")
  ).join("");
}

export function drawScale({ top, right, bottom, from, to }: HeatMapLayout, scale: Scale): string {
  const height = Math.min(180, Math.max(60, bottom - top)), x = right + 24, steps = 64;
  const shades = Array.from({ length: steps }, (_, i) => [1 - i / (steps - 1)]);
  const { ticks } = linearTicks({ least: from, most: to }, height < 100 ? 3 : 5);
  return `<image x="${round(x)}" y="${round(top)}" width="14" height="${round(height)}" ` +
    `preserveAspectRatio="none" href="${colourMap(shades, (share) => ramp(scale, share))}"/>` +
    ticks.filter((tick) => tick >= from && tick <= to).map((tick) =>
      text(x + 20, top + (to - tick) / (to - from) * height + 4, tickText(tick), {
        size: 11,
        colour: INK.faint,
      })
    ).join("");
}

export function scaleWidth(from: number, to: number): number {
  const { ticks } = linearTicks({ least: from, most: to }, 5);
  return Math.max(...ticks.map((tick) => widthOf(tickText(tick), 11)));
}
