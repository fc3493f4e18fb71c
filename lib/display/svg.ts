import { INK } from "./colours.ts";
import { strokedText, textWidth } from "./stroke_font.ts";

/** How a text is set. */
export interface Words {
  anchor?: "start" | "middle" | "end";
  /** Font size in pixels; 12 by default. */
  size?: number;
  colour?: string;
  bold?: boolean;
  /** Degrees to turn it by, clockwise. */
  turn?: number;
}

/** Text as it may stand in HTML and SVG. */
export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

/** Undoes {@linkcode escape}. */
export function unescape(text: string): string {
  return text.replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&gt;", ">")
    .replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}

/** A number in few characters, exact to a hundredth of a pixel. */
export function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A line of text, its baseline at y. */
export function text(x: number, y: number, words: string, style: Words = {}): string {
  const { anchor = "start", size = 12, colour = INK.text, bold = false, turn } = style;
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${colour}"` +
    (anchor === "start" ? "" : ` text-anchor="${anchor}"`) +
    (bold ? ` font-weight="600"` : "") +
    (turn ? ` transform="rotate(${turn} ${round(x)} ${round(y)})"` : "") +
    `>${escape(words)}</text>`;
}

/** Width of a text in pixels, about as a browser sets it. */
export function widthOf(words: string, size = 12, bold = false): number {
  return textWidth(words, size * CAPITAL) * (bold ? 1.14 : 1.08) + 1;
}

/** The heading of a figure, in smaller letters where it is too long for that width in pixels. */
export function heading(title: string | undefined, width = Infinity): string {
  if (!title) return "";
  const room = (width - MARGIN - 4) / widthOf(title, 14, true);
  const size = round(14 * Math.max(0.75, Math.min(1, room)));
  return text(MARGIN, 26, title, { size: Number(size), bold: true });
}

/** Space that a heading takes. */
export function headingHeight(title: string | undefined): number {
  return title ? 26 : 0;
}

/** Space around what is drawn, in pixels. */
export const MARGIN = 18;

/** A whole picture on its own paper, wide enough for its heading. */
export function picture(
  { width, height, alt }: { width: number; height: number; alt: string },
  content: string,
): string {
  const [wide, high] = [round(width), round(height)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" ` +
    `viewBox="0 0 ${wide} ${high}" role="img" font-family="${FONT}"><title>${escape(alt)}</title>` +
    `<rect width="${wide}" height="${high}" rx="4" fill="${INK.paper}"/>${content}</svg>`;
}

/** The same picture with letters as pen strokes, for programs and machines without fonts. */
export function withoutFonts(svg: string): string {
  return svg.replaceAll(
    /<text ([^>]*)>([^<]*)<\/text>/g,
    (_, attributes: string, words: string) => {
      const value = (name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1];
      const turn = value("transform");
      const strokes = strokedText(unescape(words), Number(value("x")), Number(value("y")), {
        size: Number(value("font-size")) * CAPITAL,
        colour: value("fill")!,
        anchor: (value("text-anchor") ?? "start") as "start",
        bold: value("font-weight") !== undefined,
      });
      return turn ? `<g transform="${turn}">${strokes}</g>` : strokes;
    },
  );
}

/** Height of a capital letter as a share of the font size. */
const CAPITAL = 0.72;
const FONT = "system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif";
