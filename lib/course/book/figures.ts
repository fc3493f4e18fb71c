import { createHash } from "node:crypto";
import { INK, ON_DARK } from "../../display/colours.ts";
import type { Site } from "./site.ts";

/** Puts a picture into the book, under a name that its content decides; returns its path there. */
export function addPicture(
  site: Site,
  content: string | Uint8Array,
  { folder, kind }: { folder: string; kind: "png" | "svg" },
): string {
  const name = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const path = `pictures/${folder}/${name}.${kind}`;
  site.files.set(path, content);
  return path;
}

/**
 * A drawing that takes dark colours where its page is dark. `all` changes the colours of its lines and bars too, as
 * in the charts; else only paper, ink and grid change.
 */
export function forDarkPages(svg: string, { all }: { all: boolean }): string {
  const inks = Object.values(INK);
  const rules = Object.entries(ON_DARK)
    .filter(([colour]) => svg.includes(colour) && (all || inks.includes(colour)))
    .map(([light, dark]) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`);
  if (rules.length === 0) return svg;
  return svg.replace(
    /<svg\b[^>]*>/,
    `$&<style>@media(prefers-color-scheme:dark){${rules.join("")}}</style>`,
  );
}

/** The drawing that an address holds, undefined for other addresses. */
export function drawingOf(address: string): string | undefined {
  const [, encoded] = /^data:image\/svg\+xml,(.*)$/s.exec(address) ?? [];
  return encoded === undefined ? undefined : decodeURIComponent(encoded).replaceAll("'", '"');
}

/** The bytes of the PNG that an address holds, undefined for other addresses. */
export function pixelsOf(address: string): Uint8Array | undefined {
  const [, encoded] = /^data:image\/png;base64,(.*)$/s.exec(address) ?? [];
  return encoded === undefined ? undefined : Uint8Array.fromBase64(encoded.replaceAll(/\s/g, ""));
}
