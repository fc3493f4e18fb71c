import { tokenizer } from "acorn";
import { draw, numberText, showTip } from "./draw.js";
import { enliven, isDark } from "./enliven.js";
import { hoverCell, hoverPoint, hoverX } from "./hover.js";
import { listen, listenToKey } from "./listen.js";
import { readAxis, readPlot } from "./read_plot.js";
import { drawFrame, frameOf, redrawAxes, shownAt, ticksOf, zoom } from "./zoom.js";
import { ON_DARK } from "../colours.ts";

/** Functions that go along with a figure; they may use each other, the page, and nothing else. */
const FUNCTIONS = [
  draw,
  drawFrame,
  enliven,
  frameOf,
  hoverCell,
  hoverPoint,
  hoverX,
  isDark,
  listen,
  listenToKey,
  numberText,
  readAxis,
  readPlot,
  redrawAxes,
  showTip,
  shownAt,
  ticksOf,
  zoom,
];

/** Brings the still pictures of a name to life; leaves nothing behind in the page. */
export function scriptFor(name: string): string {
  return `<script>(()=>{${CODE}enliven(${JSON.stringify(name)},${COLOURS})})()</script>`;
}

/** The code without notes and without space that means nothing: it goes along with every figure. */
function squeeze(code: string): string {
  let squeezed = "", end = 0;
  for (const token of tokenizer(code, { ecmaVersion: "latest" })) {
    const text = code.slice(token.start, token.end);
    // Two words must stay two; so must the signs of a + +b.
    const apart = token.start > end && /[\w$]$/.test(squeezed) && /^[\w$]/.test(text) ||
      /[+-]$/.test(squeezed) && /^[+-]/.test(text);
    squeezed += (apart ? " " : "") + text;
    end = token.end;
  }
  return squeezed.replaceAll("</", "<\\/");
}

const CODE = squeeze(FUNCTIONS.map((one) => one.toString()).join("\n"));
const COLOURS = JSON.stringify(ON_DARK);
