import { hoverCell, hoverPoint, hoverX } from "./hover.js";

/** What a picture says about one of its plots: where it lies, its axes, and the points of its lines. */
export function readPlot(svg, node) {
  const data = node.dataset, names = data.names.split("|");
  const [left, right, top, bottom] = data.plot.split(" ").map(Number);
  const box = { left, right, top, bottom, names };
  if (data.cells) return { ...box, ...JSON.parse(data.cells), hover: hoverCell };

  const paths = [...node.querySelectorAll("path")];
  // Lines keep their width and dots stay round when zoomed.
  for (const path of paths) path.setAttribute("vector-effect", "non-scaling-stroke");
  return {
    ...box,
    /** The corners of what is shown of the untouched picture; at first all of it. */
    view: { left, right, top, bottom },
    x: readAxis(data.x, left, right),
    y: readAxis(data.y, bottom, top),
    unit: Number(data.unit),
    axes: svg.querySelector("[data-axes]"),
    content: node.querySelector("g"),
    parts: paths.filter((path) => path.dataset.part).map((path) => {
      const d = path.getAttribute("d");
      return {
        part: path.dataset.part,
        name: path.parentNode.dataset.name,
        colour: path.parentNode.getAttribute("stroke"),
        points: [...d.matchAll(/[ML]([\d.-]+),([\d.-]+)/g)].map(([, x, y]) => [+x, +y]),
        vectors: path.dataset.part === "arrows" &&
          [...d.matchAll(/M[^l]+l([\d.-]+),([\d.-]+)/g)].map(([, x, y]) => [+x, +y]),
      };
    }),
    hover: data.hover === "x" ? hoverX : hoverPoint,
  };
}

/** An axis from its ends as values and as pixels of the untouched picture. */
export function readAxis(text, start, end) {
  const [from, to, log] = text.split(" ");
  const measure = log ? Math.log10 : Number;
  const low = measure(from), scale = (measure(to) - low) / (end - start);
  return {
    log,
    valueAt: (pixel) => log ? 10 ** (low + (pixel - start) * scale) : low + (pixel - start) * scale,
    pixelOf: (value) => start + (measure(value) - low) / scale,
  };
}
