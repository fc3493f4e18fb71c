import { DOMParser } from "linkedom";
import { escape } from "../../display/svg.ts";
import type { CellOutput, MimeBundle } from "../../jupyter/mod.ts";
import { ansiHtml } from "./ansi.ts";
import { addPicture, drawingOf, forDarkPages, pixelsOf } from "./figures.ts";
import { relativeTo, type Site } from "./site.ts";

/** Where outputs go. */
export interface OutputPlace {
  site: Site;
  page: string;
  /** Folder of the pictures. */
  folder: string;
  /** An address as it stands in an output → as it is to stand in the page. */
  link(href: string): string;
}

/** What a cell has put out, as HTML; its pictures become files of the book. */
export function outputsHtml(outputs: readonly CellOutput[], place: OutputPlace): string {
  const html = outputs.map((output) => outputHtml(output, place)).filter((one) => one !== "");
  return html.length > 0 ? `<div class="outputs">${html.join("\n")}</div>` : "";
}

function outputHtml(output: CellOutput, place: OutputPlace): string {
  if (output.output_type === "stream") return printed(textOf(output.text)!);
  if (output.output_type === "error") {
    const trace = output.traceback.join("\n") || `${output.ename}: ${output.evalue}`;
    return `<pre class="printed wrong" tabindex="0">${ansiHtml(trace)}</pre>`;
  }
  const { data, metadata } = output, words = textOf(data["text/plain"]) ?? "";
  // In the book every experiment ran on the reference: no need to say so each time.
  if (/^\w+ \(\d+\.\d+\): yours\s*$/.test(words)) return "";
  const html = textOf(data["text/html"]);
  if (html) return fragment(html, place);
  const [alt = ""] = words.split("\n");
  return pictureHtml(data, metadata, alt, place) ?? printed(words);
}

function printed(text: string): string {
  return text.trim() === ""
    ? ""
    : `<pre class="printed" tabindex="0">${ansiHtml(text.trimEnd())}</pre>`;
}

function pictureHtml(
  data: MimeBundle,
  metadata: Record<string, unknown>,
  alt: string,
  { site, page, folder }: OutputPlace,
): string | undefined {
  const png = textOf(data["image/png"]), svg = textOf(data["image/svg+xml"]);
  if (!png && !svg) return undefined;
  const path = png
    ? addPicture(site, pixelsOf(`data:image/png;base64,${png}`)!, { folder, kind: "png" })
    : addPicture(site, forDarkPages(svg!, { all: true }), { folder, kind: "svg" });
  const { width, height } = (metadata["image/png"] ?? {}) as { width?: number; height?: number };
  const size = width && height
    ? ` width="${width}" height="${height}" style="${widthStyle(width)}"`
    : "";
  return `<p class="figure"><img src="${relativeTo(page, path)}" alt="${escape(alt)}"${size} ` +
    `loading="lazy"></p>`;
}

/** Tells the style sheet how wide a picture is, so that small screens do not shrink it beyond reading. */
function widthStyle(width: number | string | null): string {
  return width ? `--width:${width}px` : "";
}

/** A page fragment without scripts, whose pictures are files and whose tables look like the book's. */
function fragment(html: string, place: OutputPlace): string {
  const { site, page, folder } = place;
  const document = new DOMParser().parseFromString(
    `<!doctype html><html><body>${html}</body></html>`,
    "text/html",
  );
  for (const script of document.querySelectorAll("script")) script.remove();
  for (const image of document.querySelectorAll("img")) {
    const address = image.getAttribute("src") ?? "";
    const lively = image.closest("[data-figure]") !== null;
    const drawing = drawingOf(address), pixels = pixelsOf(address);
    const path = drawing
      ? addPicture(site, forDarkPages(drawing, { all: lively }), { folder, kind: "svg" })
      : pixels && addPicture(site, pixels, { folder, kind: "png" });
    if (path) image.setAttribute("src", relativeTo(page, path));
    image.setAttribute("loading", "lazy");
    image.removeAttribute("decoding");
    image.setAttribute("style", widthStyle(image.getAttribute("width")));
  }
  for (const link of document.querySelectorAll("a[href]")) {
    link.setAttribute("href", place.link(link.getAttribute("href")!));
  }
  for (const table of document.querySelectorAll("table")) {
    for (const cell of [table, ...table.querySelectorAll("caption, th, td")]) {
      const style = cell.getAttribute("style") ?? "";
      if (style.includes("text-align:right")) cell.className = "number";
      const [width] = /min-width:\d+px/.exec(style) ?? [];
      if (width) cell.setAttribute("style", width);
      else cell.removeAttribute("style");
    }
  }
  const isTable = document.body.firstElementChild?.tagName === "TABLE";
  return `<div class="${isTable ? "scroll" : "figure"}">${document.body.innerHTML}</div>`;
}

/** Text as one piece; notebooks may hold it in lines. */
function textOf(text: unknown): string | undefined {
  if (Array.isArray(text)) return text.join("");
  return typeof text === "string" ? text : undefined;
}
