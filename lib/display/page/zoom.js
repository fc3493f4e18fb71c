import { draw, numberText } from "./draw.js";
import { hoverPoint, hoverX } from "./hover.js";

/** Where a point of the untouched picture is shown now. */
export function shownAt({ left, right, top, bottom, view }, [x, y]) {
  return {
    x: left + (x - view.left) / (view.right - view.left) * (right - left),
    y: top + (y - view.top) / (view.bottom - view.top) * (bottom - top),
  };
}

/** The part of a plot from where a drag began to where it is now; undefined when that is hardly anything. */
export function frameOf({ plot, ...from }, to) {
  const within = (a, b, low, high) =>
    [a, b].map((value) => Math.min(high, Math.max(low, value))).sort((p, q) => p - q);
  const [left, right] = within(from.x, to.x, plot.left, plot.right);
  const [top, bottom] = within(from.y, to.y, plot.top, plot.bottom);
  const wide = right - left > 8, high = bottom - top > 8;
  // Along a line one drags sideways: all of its height is kept.
  if (plot.hover === hoverX && wide && bottom - top < 24) {
    return { left, right, top: plot.top, bottom: plot.bottom };
  }
  return wide && high ? { left, right, top, bottom } : undefined;
}

export function drawFrame({ layer, ink }, frame) {
  if (!frame) return;
  draw(layer, "rect", {
    x: frame.left,
    y: frame.top,
    width: frame.right - frame.left,
    height: frame.bottom - frame.top,
    fill: ink,
    "fill-opacity": 0.1,
    stroke: ink,
    "stroke-opacity": 0.5,
  });
}

/** Shows only what lies in the frame; the plot itself as its frame shows everything again. */
export function zoom(page, plot, frame) {
  const { left, right, top, bottom, view } = plot;
  const back = (value, low, high, from, to) => from + (value - low) / (high - low) * (to - from);
  plot.view = frame === plot ? { left, right, top, bottom } : {
    left: back(frame.left, left, right, view.left, view.right),
    right: back(frame.right, left, right, view.left, view.right),
    top: back(frame.top, top, bottom, view.top, view.bottom),
    bottom: back(frame.bottom, top, bottom, view.top, view.bottom),
  };
  const a = (right - left) / (plot.view.right - plot.view.left);
  const d = (bottom - top) / (plot.view.bottom - plot.view.top);
  const shift = `${left - a * plot.view.left} ${top - d * plot.view.top}`;
  plot.content.setAttribute("transform", `matrix(${a} 0 0 ${d} ${shift})`);
  redrawAxes(page, plot);
}

/** Ticks and grid for the part that is shown. */
export function redrawAxes({ ink }, plot) {
  const { axes, view, left, right, bottom } = plot;
  const [grid, line] = axes.querySelectorAll("path");
  const old = [...axes.querySelectorAll("text")], fill = old[0]?.getAttribute("fill") ?? ink;
  for (const text of old) text.remove();
  const label = (x, y, anchor, value) => {
    const text = draw(axes, "text", { x, y, fill, "font-size": 12, "text-anchor": anchor });
    text.textContent = numberText(value);
  };
  let rows = "", marks = `M${left},${bottom}H${right}`;
  for (const value of ticksOf(plot.y, view.bottom, view.top)) {
    const { y } = shownAt(plot, [0, plot.y.pixelOf(value)]);
    rows += `M${left},${y}H${right}`;
    label(left - 8, y + 4, "end", value);
  }
  for (const value of ticksOf(plot.x, view.left, view.right)) {
    const { x } = shownAt(plot, [plot.x.pixelOf(value), 0]);
    marks += `M${x},${bottom}v4`;
    if (plot.hover === hoverPoint) rows += `M${x},${plot.top}V${bottom}`;
    label(x, bottom + 18, "middle", value);
  }
  grid.setAttribute("d", rows);
  line.setAttribute("d", marks);
}

/** Round numbers along the part of an axis between two pixels. */
export function ticksOf(axis, start, end) {
  const from = axis.valueAt(start), to = axis.valueAt(end), all = [];
  if (axis.log && to / from > 8) {
    const factors = to / from > 1e4 ? [1] : [1, 2, 5];
    for (let power = Math.floor(Math.log10(from)); 10 ** power <= to; power++) {
      all.push(...factors.map((factor) => factor * 10 ** power));
    }
    return all.filter((value) => value >= from && value <= to);
  }
  const power = 10 ** Math.floor(Math.log10((to - from) / 5));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size * 5 >= to - from);
  for (let i = Math.ceil(from / step - 1e-6); i * step <= to + 1e-6 * step; i++) all.push(i * step);
  return all;
}
