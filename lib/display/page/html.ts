import { crc32 } from "node:zlib";
import { encodeBase64 } from "../base64.ts";
import type { Figure } from "../figure.ts";
import { scriptFor } from "./script.ts";
import { escape } from "../svg.ts";

/** The figure as a page fragment: its own, or its still picture, or its words. */
export function htmlOf(figure: Figure): string {
  return figure.html ?? stillHtml(figure);
}

/** The still picture as a page fragment, with its size so that nothing jumps when it appears. */
export function stillHtml(figure: Figure): string {
  const address = dataAddress(figure);
  if (!address) return `<pre>${escape(figure.text)}</pre>`;
  const { width, height } = figure.size ?? {};
  return `<img src="${address}" alt="${escape(figure.alt)}"` +
    (width && height ? ` width="${Math.round(width)}" height="${Math.round(height)}"` : "") +
    ` decoding="sync" style="max-width:100%;height:auto">`;
}

/**
 * The picture of a figure as a page fragment that can be hovered over, zoomed into and recoloured for dark pages.
 * The script takes everything from the still picture, which stays where scripts do not run.
 */
export function livelyHtml(figure: Figure & { svg: string }): string {
  const name = crc32(figure.svg).toString(16).padStart(8, "0");
  return `<div data-figure="${name}">${stillHtml(figure)}</div>` + scriptFor(name);
}

/** The still picture as an address that holds it; undefined for a figure of words. */
export function dataAddress({ svg, png }: Figure): string | undefined {
  if (svg) return `data:image/svg+xml,${svg.replaceAll('"', "'").replaceAll(RESERVED, encode)}`;
  return png && `data:image/png;base64,${encodeBase64(png)}`;
}

/** What may not stand in an address within an attribute. */
const RESERVED = /[%<>#"&{}|\\^`\s?[\]]|[^\x20-\x7e]+/g;

function encode(reserved: string): string {
  return encodeURIComponent(reserved);
}
