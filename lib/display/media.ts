import { encodeBase64 } from "./base64.ts";
import type { Figure } from "./figure.ts";
import { htmlOf } from "./page/html.ts";

/** Forms of one thing by media type, as Jupyter takes them. */
export type MediaBundle = Record<string, string>;

/**
 * A figure in every form that a notebook may show: a page fragment, a picture for readers that show no fragments,
 * and words.
 */
export function mediaBundle(figure: Figure): MediaBundle {
  const { alt, svg, png, text } = figure;
  return {
    "text/html": htmlOf(figure),
    ...(svg && { "image/svg+xml": svg }),
    ...(png && { "image/png": encodeBase64(png) }),
    "text/plain": `${alt}\n${text}`,
  };
}
