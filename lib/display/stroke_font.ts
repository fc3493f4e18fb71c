/**
 * A small alphabet of pen strokes for the text in pictures.
 *
 * Machines without a screen often have no fonts at all, and then text in an SVG comes out as empty
 * boxes. These letters are plain paths: they look the same everywhere.
 */

/** Width to move on, and the path: capitals span y = 0 … 10, small letters start at 3.5. `lift` shrinks and lifts. */
type Glyph = readonly [advance: number, path: string, lift?: number];

/** Letter height in the units of the paths, and the gap between letters. */
const CAPITAL = 10, GAP = 2.6;

/** How a text is to be drawn; `size` is the height of a capital letter in pixels. */
export interface TextStyle {
  size: number;
  colour: string;
  anchor?: "start" | "middle" | "end";
  bold?: boolean;
}

/** An SVG element with the text, its baseline at y; characters it does not know become boxes. */
export function strokedText(text: string, x: number, y: number, style: TextStyle): string {
  const { size, colour, anchor = "start", bold = false } = style;
  const scale = size / CAPITAL, width = textWidth(text, size);
  const left = x - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
  let pen = 0;
  const paths = [...text].map((character) => {
    const [advance, path, lift] = glyph(character), at = pen;
    pen += advance + GAP;
    const small = lift === undefined ? "" : ` scale(${SMALL})`;
    return path && `<path transform="translate(${round(at)} ${lift ?? 0})${small}" d="${path}"/>`;
  });
  return `<g transform="translate(${round(left)} ${round(y - size)}) scale(${round(scale)})" ` +
    `fill="none" stroke="${colour}" stroke-width="${bold ? 1.9 : 1.3}" ` +
    `stroke-linecap="round" stroke-linejoin="round">${paths.join("")}</g>`;
}

/** Width in pixels of a text whose capital letters are `size` pixels high. */
export function textWidth(text: string, size: number): number {
  const widths = [...text].map((character) => glyph(character)[0] + GAP);
  return Math.max(0, widths.reduce((sum, width) => sum + width, 0) - GAP) * size / CAPITAL;
}

/** A glyph of its own, or that of the plain letter or digit behind an accent or an index, or a box. */
function glyph(character: string): Glyph {
  const own = GLYPHS[character];
  if (own) return own;
  const base = GLYPHS[character.normalize("NFKD")[0]!];
  if (!base) return [6, "M0 0H6V10H0Z"];
  const lift = /[¹²³⁰⁴-⁻]/.test(character) ? -1 : /[₀-₋]/.test(character) ? 5.5 : undefined;
  return lift === undefined ? base : [base[0] * SMALL, base[1], lift];
}

/** Size of an index. */
const SMALL = 0.62;

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

const BOWL = "M6 6.75A3 3.25 0 1 0 0 6.75A3 3.25 0 1 0 6 6.75";

const GLYPHS: Readonly<Record<string, Glyph>> = {
  " ": [2.4, ""],
  A: [8, "M0 10L4 0L8 10M1.5 6.5H6.5"],
  B: [6.6, "M0 0V10H3.9A2.7 2.7 0 0 0 3.9 4.6H0M0 0H3.5A2.3 2.3 0 0 1 3.5 4.6"],
  C: [7.6, "M7.6 2A4.5 5 0 1 0 7.6 8"],
  D: [7.4, "M0 0V10H2.6A4.8 5 0 0 0 2.6 0Z"],
  E: [5.8, "M5.8 0H0V10H5.8M0 4.8H5"],
  F: [5.6, "M5.6 0H0V10M0 4.8H4.8"],
  G: [8.2, "M7.6 2A4.5 5 0 1 0 8.2 5.6H5"],
  H: [7, "M0 0V10M7 0V10M0 4.8H7"],
  I: [0.4, "M.2 0V10"],
  J: [4.2, "M4 0V7.2A2.2 2.8 0 0 1 0 8.4"],
  K: [6.8, "M0 0V10M6.5 0L0 6M2.4 3.9L6.8 10"],
  L: [5.4, "M0 0V10H5.4"],
  M: [9, "M0 10V0L4.5 7L9 0V10"],
  N: [7, "M0 10V0L7 10V0"],
  O: [9, "M4.5 0A4.5 5 0 1 0 4.5 10A4.5 5 0 1 0 4.5 0Z"],
  P: [6.5, "M0 10V0H3.8A2.7 2.7 0 0 1 3.8 5.4H0"],
  Q: [9, "M4.5 0A4.5 5 0 1 0 4.5 10A4.5 5 0 1 0 4.5 0ZM5.6 7.4L8.6 10.8"],
  R: [6.7, "M0 10V0H3.8A2.7 2.7 0 0 1 3.8 5.4H0M3.6 5.4L6.7 10"],
  S: [
    6.7,
    "M6.3 1.7C5.6 .5 4.6 0 3.3 0C1.6 0 .4 1 .4 2.5C.4 6 6.6 4 6.6 7.4C6.6 9 5.2 10 3.3 10C1.8 10 .6 9.4 0 8.1",
  ],
  T: [8, "M0 0H8M4 0V10"],
  U: [7, "M0 0V6.5A3.5 3.5 0 0 0 7 6.5V0"],
  V: [8, "M0 0L4 10L8 0"],
  W: [11, "M0 0L2.8 10L5.5 1.5L8.2 10L11 0"],
  X: [7, "M0 0L7 10M7 0L0 10"],
  Y: [7.6, "M0 0L3.8 5.2V10M7.6 0L3.8 5.2"],
  Z: [7, "M0 0H7L0 10H7"],
  a: [6, `M6 3.5V10${BOWL}`],
  b: [6, `M0 0V10${BOWL}`],
  c: [5.4, "M5.4 4.7A3.1 3.25 0 1 0 5.4 8.8"],
  d: [6, `M6 0V10${BOWL}`],
  e: [6, "M0 6.6H6A3 3.15 0 1 0 5.2 8.9"],
  f: [3.8, "M4 .2A2.2 2.2 0 0 0 1.6 2.4V10M0 3.8H3.8"],
  g: [6, `M6 3.5V10.4A2.9 2.6 0 0 1 .5 11.8${BOWL}`],
  h: [5.4, "M0 0V10M0 6.4A2.7 2.9 0 0 1 5.4 6.4V10"],
  i: [0.4, "M.2 3.5V10M.2 .8V1"],
  j: [1.4, "M1.2 3.5V11A1.6 1.8 0 0 1 -.6 12.6M1.2 .8V1"],
  k: [5.2, "M0 0V10M4.8 3.5L0 7.6M1.7 6.2L5.2 10"],
  l: [0.4, "M.2 0V10"],
  m: [9.2, "M0 3.5V10M0 6A2.3 2.5 0 0 1 4.6 6V10M4.6 6A2.3 2.5 0 0 1 9.2 6V10"],
  n: [5.4, "M0 3.5V10M0 6.4A2.7 2.9 0 0 1 5.4 6.4V10"],
  o: [6, BOWL],
  p: [6, `M0 3.5V13${BOWL}`],
  q: [6, `M6 3.5V13${BOWL}`],
  r: [3.2, "M0 3.5V10M0 6.4A2.7 2.8 0 0 1 3.4 3.8"],
  s: [
    4.8,
    "M4.5 4.6C4 3.8 3.3 3.5 2.4 3.5C1.2 3.5 .3 4.1 .3 5.1C.3 7.3 4.8 6.1 4.8 8.3C4.8 9.4 3.8 10 2.5 10C1.4 10 .5 9.6 0 8.7",
  ],
  t: [4, "M1.6 1V8A1.8 2 0 0 0 4 9.8M0 3.8H3.8"],
  u: [5.4, "M0 3.5V7.1A2.7 2.9 0 0 0 5.4 7.1M5.4 3.5V10"],
  v: [5.8, "M0 3.5L2.9 10L5.8 3.5"],
  w: [8.6, "M0 3.5L2.1 10L4.3 4.2L6.5 10L8.6 3.5"],
  x: [5.2, "M0 3.5L5.2 10M5.2 3.5L0 10"],
  y: [5.8, "M0 3.5L2.9 10M5.8 3.5L2.6 11.2A2 2 0 0 1 .4 12.8"],
  z: [5, "M0 3.5H5L0 10H5"],
  0: [6.2, "M3.1 0A3.1 5 0 1 0 3.1 10A3.1 5 0 1 0 3.1 0Z"],
  1: [6.2, "M1 2.2L3.6 0V10"],
  2: [6.2, "M.3 2.6A2.9 2.7 0 0 1 6 2.7C6 5 3 6.6 .2 10H6.2"],
  3: [6.2, "M.4 1.7A2.6 2.4 0 1 1 2.8 4.7A2.9 2.7 0 1 1 .1 8.3"],
  4: [6.4, "M4.6 10V0L0 7H6.4"],
  5: [6.2, "M5.6 0H1.1L.6 4.7A3 3.2 0 1 1 .1 8.7"],
  6: [6.2, "M5.5 1.1C4.9 .4 4.2 0 3.4 0C1.2 0 .1 2.6 .1 6.6A3 3.3 0 1 0 .2 6"],
  7: [6.2, "M0 0H6.2L2.2 10"],
  8: [
    6.2,
    "M3.1 0A2.5 2.3 0 1 0 3.1 4.6A2.5 2.3 0 1 0 3.1 0ZM3.1 4.6A3 2.7 0 1 0 3.1 10A3 2.7 0 1 0 3.1 4.6Z",
  ],
  9: [6.2, "M.7 8.9C1.3 9.6 2 10 2.8 10C5 10 6.1 7.4 6.1 3.4A3 3.3 0 1 0 6 4"],
  ".": [0.6, "M.3 9.7V9.9"],
  ",": [1, "M.7 9.6L.2 11.4"],
  ":": [0.6, "M.3 4.4V4.6M.3 9.7V9.9"],
  ";": [1, "M.7 4.4V4.6M.7 9.6L.2 11.4"],
  "!": [0.6, "M.3 0V6.6M.3 9.7V9.9"],
  "?": [5.2, "M0 2.2A2.6 2.4 0 0 1 5.2 2.5C5.2 4.4 2.6 4.6 2.6 7M2.6 9.7V9.9"],
  "'": [0.4, "M.2 0V2.6"],
  '"': [2.4, "M.2 0V2.6M2.2 0V2.6"],
  "-": [4, "M0 6H4"],
  "–": [6, "M0 6H6"],
  "—": [9, "M0 6H9"],
  "−": [6, "M0 5.6H6"],
  "+": [6, "M0 5.6H6M3 2.6V8.6"],
  "=": [6, "M0 4.2H6M0 7.2H6"],
  "×": [5, "M0 3.2L5 8.2M5 3.2L0 8.2"],
  "·": [0.6, "M.3 5.5V5.7"],
  "*": [5, "M2.5 .6V5.4M.4 1.8L4.6 4.2M4.6 1.8L.4 4.2"],
  "/": [4.6, "M4.6 -.6L0 11"],
  "|": [0.4, "M.2 -1V12"],
  "(": [2.4, "M2.4 -1A8 8 0 0 0 2.4 12"],
  ")": [2.4, "M0 -1A8 8 0 0 1 0 12"],
  "[": [2.4, "M2.4 -1H0V12H2.4"],
  "]": [2.4, "M0 -1H2.4V12H0"],
  "<": [5, "M5 2.6L0 5.6L5 8.6"],
  ">": [5, "M0 2.6L5 5.6L0 8.6"],
  "→": [8, "M0 5.6H8M5 2.8L8 5.6L5 8.4"],
  "…": [6.6, "M.3 9.7V9.9M3.3 9.7V9.9M6.3 9.7V9.9"],
  "%": [
    8.6,
    "M7.6 0L1 10M2 0A1.9 2.2 0 1 0 2 4.4A1.9 2.2 0 1 0 2 0ZM6.6 5.6A1.9 2.2 0 1 0 6.6 10A1.9 2.2 0 1 0 6.6 5.6Z",
  ],
  "#": [7, "M2.4 .6L1.4 9.4M5.6 .6L4.6 9.4M.6 3.4H6.8M.2 6.6H6.4"],
  _: [6, "M0 12H6"],
  "&": [
    7,
    "M7 10L1.8 3.2A1.9 1.9 0 1 1 5.2 3C5.2 4.8 .4 5.2 .4 7.6A2.6 2.5 0 0 0 3 10C5 10 6.4 8.4 6.8 6",
  ],
  "±": [6, "M0 4.6H6M3 1.6V7.6M0 10H6"],
  "≈": [
    6.8,
    "M0 4.6C1.5 3 3 3.4 3.6 4C4.6 4.9 6 4.9 6.8 3.6M0 7.6C1.5 6 3 6.4 3.6 7C4.6 7.9 6 7.9 6.8 6.6",
  ],
  "~": [6.8, "M0 6.2C1.5 4.6 3 5 3.6 5.6C4.6 6.5 6 6.5 6.8 5.2"],
  "≤": [5, "M5 1.6L0 4.6L5 7.6M0 10H5"],
  "≥": [5, "M0 1.6L5 4.6L0 7.6M0 10H5"],
  α: [6.8, `${BOWL}M6.6 3.5C6 6 5.8 8 6.8 10`],
  β: [5.4, "M0 13V2.6A2.6 2.6 0 0 1 5.2 2.4A2.2 2.2 0 0 1 2.4 4.6A2.7 2.7 0 1 1 0 7.4"],
  ε: [
    5,
    "M4.6 4.6C4 3.8 3.3 3.5 2.6 3.5C1.3 3.5 .4 4.1 .4 5.1C.4 6 1.2 6.6 2.4 6.6C1 6.6 .1 7.2 .1 8.3C.1 9.4 1.2 10 2.6 10C3.6 10 4.4 9.6 4.9 8.8",
  ],
  θ: [5.6, "M2.8 0A2.8 5 0 1 0 2.8 10A2.8 5 0 1 0 2.8 0ZM0 5H5.6"],
  λ: [5.6, "M.4 0H1.4L5.6 10M3 4.2L0 10"],
  μ: [5.4, "M0 3.5V13M0 7.1A2.7 2.9 0 0 0 5.4 7.1M5.4 3.5V10"],
  π: [6.4, "M0 3.8H6.4M1.6 3.8V10M4.8 3.8V10"],
  σ: [7, `M3 3.5H7${BOWL}`],
  τ: [5, "M0 3.8H5M2.5 3.8V8A1.6 2 0 0 0 4.4 9.8"],
  Δ: [8, "M0 10L4 0L8 10Z"],
  "∇": [8, "M0 0L4 10L8 0Z"],
  "∈": [6, "M6 3H3.5A3 3 0 0 0 3.5 9H6M.6 6H6"],
  "√": [6, "M0 6L1.4 5.4L3.4 10L6 0"],
  "∞": [
    9,
    "M4.5 6C3.6 4.6 2.8 4 2 4A2 2 0 1 0 2 8C2.8 8 3.6 7.4 4.5 6C5.4 4.6 6.2 4 7 4A2 2 0 1 1 7 8C6.2 8 5.4 7.4 4.5 6Z",
  ],
  "‖": [2.6, "M.2 -1V12M2.4 -1V12"],
  "°": [3.2, "M1.6 0A1.6 1.6 0 1 0 1.6 3.2A1.6 1.6 0 1 0 1.6 0Z"],
  "^": [5, "M0 3.6L2.5 .4L5 3.6"],
  "←": [8, "M8 5.6H0M3 2.8L0 5.6L3 8.4"],
  "•": [2.4, "M1.2 5A1 1 0 1 0 1.2 7A1 1 0 1 0 1.2 5Z"],
  "{": [
    2.4,
    "M2.4 -1C1 -1 1.2 .4 1.2 2.4C1.2 4.6 1 5.4 0 5.5C1 5.6 1.2 6.4 1.2 8.6C1.2 10.6 1 12 2.4 12",
  ],
  "}": [
    2.4,
    "M0 -1C1.4 -1 1.2 .4 1.2 2.4C1.2 4.6 1.4 5.4 2.4 5.5C1.4 5.6 1.2 6.4 1.2 8.6C1.2 10.6 1.4 12 0 12",
  ],
  "@": [9, "M6.2 6.6A2 2.2 0 1 1 6.2 5M6.2 3.4V6.6A1.4 1.4 0 0 0 9 6.4V5A4.6 5 0 1 0 6.8 9.6"],
  "\\": [4.6, "M0 -.6L4.6 11"],
};
