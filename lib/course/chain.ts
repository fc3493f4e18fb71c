import type { Figure } from "../display/mod.ts";
import { INK } from "../display/colours.ts";
import { stillHtml } from "../display/page/html.ts";
import { picture, text } from "../display/svg.ts";

/** What each link of the chain does, in a few words and as a formula. */
const CHAIN = {
  row: ["a picture", "and its label"],
  vectors: ["numbers", "−1 … 1"],
  "noise mix": ["x_t =", "(1−t)·x0 + t·x1"],
  velocity: ["v = x1 − x0", "is to be learned"],
  loss: ["mean squared", "error of v"],
  sampling: ["from noise", "along −v"],
  decode: ["numbers", "→ pixels"],
} as const;

/** One link of the chain from a row of data to a drawn picture. */
export type Link = keyof typeof CHAIN;

/** What is different once pictures come with captions and are drawn as latents. */
const LATENT_CHAIN: Record<Link, readonly [string, string]> = {
  ...CHAIN,
  row: ["a picture", "and its caption"],
  vectors: ["latents,", "text vectors"],
  decode: ["latents", "→ pixels"],
};

const BOX = { width: 100, height: 62, gap: 18, margin: 12 };
const LIT = { fill: "#0072b2", text: "#ffffff" };

/** The chain that all notebooks walk along, with the links that this one is about lit. */
export function chainFigure(...lit: readonly Link[]): Figure {
  return drawChain(CHAIN, lit);
}

/** The same chain for captioned pictures, which are drawn as latents. */
export function latentChainFigure(...lit: readonly Link[]): Figure {
  return drawChain(LATENT_CHAIN, lit);
}

function drawChain(
  chain: Readonly<Record<Link, readonly [string, string]>>,
  lit: readonly Link[],
): Figure {
  const links = Object.keys(CHAIN) as Link[];
  for (const link of lit) {
    if (!links.includes(link)) {
      throw new RangeError(`There is no link "${link}": the chain is ${links.join(" → ")}`);
    }
  }
  const { width, height, gap, margin } = BOX;
  const size = { width: 2 * margin + links.length * (width + gap) - gap, height: height + 24 };
  const here = lit.length > 0 ? ` Here: ${lit.join(", ")}.` : "";
  const alt = `The chain ${links.join(" → ")}.${here}`;
  const boxes = links.map((link, i) =>
    box(link, chain[link], margin + i * (width + gap), lit.includes(link))
  );
  const arrows = links.slice(1).map((_, i) => arrow(margin + i * (width + gap) + width));
  const svg = picture({ ...size, alt }, boxes.join("") + arrows.join(""));
  const words = links.map((link) => lit.includes(link) ? `[${link}]` : link).join(" → ");
  const figure: Figure = { alt, svg, size, text: words };
  return { ...figure, html: stillHtml(figure) };
}

function box(
  link: Link,
  [first, second]: readonly [string, string],
  x: number,
  lit: boolean,
): string {
  const { width, height } = BOX, middle = x + width / 2;
  const colour = lit ? LIT.text : INK.text, faint = lit ? LIT.text : INK.faint;
  return `<rect x="${x}" y="12" width="${width}" height="${height}" rx="8" ` +
    `fill="${lit ? LIT.fill : INK.grid}"/>` +
    text(middle, 32, link, { anchor: "middle", size: 13, bold: true, colour }) +
    text(middle, 50, first, { anchor: "middle", size: 11, colour: faint }) +
    text(middle, 64, second, { anchor: "middle", size: 11, colour: faint });
}

function arrow(x: number): string {
  const y = 12 + BOX.height / 2, to = x + BOX.gap - 3;
  return `<path d="M${x + 3} ${y}H${to}m-5 -4l5 4l-5 4" fill="none" stroke="${INK.axis}" ` +
    `stroke-width="1.6"/>`;
}
