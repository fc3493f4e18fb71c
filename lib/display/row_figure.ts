import { INK } from "./colours.ts";
import type { Figure } from "./figure.ts";
import { dataAddress, htmlOf } from "./page/html.ts";
import { escape, picture, round, text, widthOf } from "./svg.ts";

/** Options of {@linkcode rowFigure}. */
export interface RowOptions {
  /** What somebody hears who cannot see it: what the figures show together. */
  alt: string;
}

/** Space between figures in pixels. */
const GAP = 12;

/** Puts figures side by side; where a page is too narrow they wrap. Throws a RangeError without figures. */
export function rowFigure(figures: readonly Figure[], { alt }: RowOptions): Promise<Figure> {
  return Promise.resolve().then(() => joined(figures, alt, "row"));
}

/** Figures as one: side by side, or one below the other. */
export function joined(
  figures: readonly Figure[],
  alt: string,
  direction: "row" | "column",
): Figure {
  if (figures.length === 0) throw new RangeError("Cannot put figures together: there are none");
  const style = direction === "row"
    ? `display:flex;flex-wrap:wrap;gap:${GAP}px;align-items:flex-start`
    : `display:flex;flex-direction:column;gap:${GAP}px;align-items:flex-start`;
  return {
    alt,
    ...drawn(figures, alt, direction),
    html: `<div role="group" aria-label="${escape(alt)}" style="${style}">${
      figures.map((figure) => `<div style="max-width:100%">${htmlOf(figure)}</div>`).join("")
    }</div>`,
    text: figures.map(({ text }) => text).join("\n\n"),
    terminal: (screen) =>
      figures.map(({ text, terminal }) => terminal?.(screen) ?? text).join("\n\n"),
  };
}

/** One picture that holds all pictures. */
function drawn(figures: readonly Figure[], alt: string, direction: "row" | "column") {
  const parts = figures.map(pictureOf), across = direction === "row";
  let at = 0;
  const content = parts.map(({ size, draw }) => {
    const svg = across ? draw(at, 0) : draw(0, at);
    at += (across ? size.width : size.height) + GAP;
    return svg;
  }).join("");
  const size = {
    width: across ? at - GAP : Math.max(...parts.map(({ size }) => size.width)),
    height: across ? Math.max(...parts.map(({ size }) => size.height)) : at - GAP,
  };
  return { svg: picture({ ...size, alt }, content), size };
}

/** A figure as a part of a larger picture; one of words alone as lines of text. */
function pictureOf(figure: Figure) {
  const { svg, png, size = { width: 320, height: 240 } } = figure;
  if (svg) {
    return {
      size,
      draw: (x: number, y: number) => svg.replace("<svg ", `<svg x="${round(x)}" y="${round(y)}" `),
    };
  }
  if (png) {
    const { width, height } = size, address = dataAddress(figure);
    return {
      size,
      draw: (x: number, y: number) =>
        `<image x="${round(x)}" y="${
          round(y)
        }" width="${width}" height="${height}" href="${address}"/>`,
    };
  }
  const lines = figure.text.split("\n");
  return {
    size: {
      width: 36 + Math.max(...lines.map((line) => widthOf(line))),
      height: 24 + 17 * lines.length,
    },
    draw: (x: number, y: number) =>
      lines.map((line, i) => text(x + 18, y + 26 + 17 * i, line, { colour: INK.text })).join(""),
  };
}
