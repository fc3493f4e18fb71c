import { draw, numberText, showTip } from "./draw.js";
import { shownAt } from "./zoom.js";

/** Reads all lines off at the x that is nearest to the pointer. */
export function hoverX(page, plot, at) {
  const lines = plot.parts.filter(({ part, name, points }) =>
    part === "line" && !page.hidden.has(name) && points.length > 0
  );
  const seen = (point) => {
    const { x } = shownAt(plot, point);
    return x > plot.left - 1 && x < plot.right + 1;
  };
  const all = lines.flatMap(({ points }) => points.filter(seen));
  if (all.length === 0) return;
  const away = (point) => Math.abs(shownAt(plot, point).x - at.x);
  const nearest = all.reduce((best, point) => away(point) < away(best) ? point : best);
  const { x } = shownAt(plot, nearest);
  draw(page.layer, "path", {
    d: `M${x},${plot.top}V${plot.bottom}`,
    stroke: page.ink,
    "stroke-opacity": 0.5,
    "stroke-dasharray": "3 3",
  });

  const closest = (points) =>
    points.reduce((best, p) =>
      Math.abs(p[0] - nearest[0]) < Math.abs(best[0] - nearest[0]) ? p : best
    );
  const value = (point) => numberText(plot.y.valueAt(point[1]));
  const rows = [`${plot.names[0]} ${numberText(plot.x.valueAt(nearest[0]))}`];
  for (const { name, colour, points } of lines) {
    const point = closest(points), { x: cx, y: cy } = shownAt(plot, point);
    // A line that has no point near here is left out.
    if (Math.abs(cx - x) > 12) continue;
    const band = plot.parts.find((other) => other.part === "band" && other.name === name)?.points;
    // Along the high values and back along the low ones.
    const range = band
      ? `  (${value(closest(band.slice(band.length / 2)))} to ${
        value(closest(band.slice(0, band.length / 2)))
      })`
      : "";
    rows.push([colour, `${name}  ${value(point)}${range}`]);
    if (cy < plot.top - 5 || cy > plot.bottom + 5) continue;
    draw(page.layer, "circle", { cx, cy, r: 4, fill: colour, stroke: page.paper });
  }
  showTip(page, at, rows);
}

/** Reads the point or the arrow off that is nearest to the pointer. */
export function hoverPoint(page, plot, at) {
  let nearest, least = 14;
  for (const part of plot.parts) {
    if (page.hidden.has(part.name)) continue;
    part.points.forEach((point, i) => {
      const { x, y } = shownAt(plot, point);
      // What somebody aims at is rather a point than an arrow behind it.
      const away = Math.hypot(x - at.x, y - at.y) + (part.vectors ? 4 : 0);
      if (away < least) [nearest, least] = [{ part, i, x, y, point }, away];
    });
  }
  if (!nearest) return;
  const { part: { name, colour, vectors }, i, x, y, point } = nearest;
  const pair = (a, b) => `(${numberText(a)}, ${numberText(b)})`;
  const rows = [pair(plot.x.valueAt(point[0]), plot.y.valueAt(point[1]))];
  if (name) rows.unshift([colour, name]);
  if (vectors) rows.push(`→ ${pair(vectors[i][0] / plot.unit, -vectors[i][1] / plot.unit)}`);
  draw(page.layer, "circle", { cx: x, cy: y, r: 6, fill: "none", stroke: page.ink });
  showTip(page, at, rows);
}

/** Reads the cell of a heat map off that is under the pointer. */
export function hoverCell(page, plot, at) {
  const { values, rows, columns, names, left, right, top, bottom } = plot;
  const width = (right - left) / values[0].length, height = (bottom - top) / values.length;
  const i = Math.floor((at.y - top) / height), j = Math.floor((at.x - left) / width);
  const value = values[i]?.[j];
  if (value === undefined) return;
  const corner = { x: left + j * width, y: top + i * height };
  draw(page.layer, "rect", {
    ...corner,
    width,
    height,
    fill: "none",
    stroke: page.ink,
    "stroke-width": 2,
  });
  showTip(page, at, [
    `${names[1]} ${rows?.[i] ?? i}, ${names[0]} ${columns?.[j] ?? j}`,
    value === null ? "no number" : numberText(value),
  ]);
}
