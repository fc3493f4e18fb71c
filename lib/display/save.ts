import { Buffer } from "node:buffer";
import { dirname, extname } from "node:path";
import type { Figure } from "./figure.ts";
import { htmlOf } from "./page/html.ts";
import { escape, withoutFonts } from "./svg.ts";

/**
 * Writes a figure to a file in the form that its ending asks for: `.svg`, `.png` or `.html`.
 *
 * Throws a RangeError that names the endings possible when the figure has no such form.
 */
export async function saveFigure(path: string, figure: Figure): Promise<void> {
  const ending = extname(path).toLowerCase();
  const possible = [
    ...(figure.svg ? [".svg"] : []),
    ...(figure.svg || figure.png ? [".png"] : []),
    ".html",
  ];
  if (!possible.includes(ending)) {
    throw new RangeError(
      `Cannot save this figure as ${path}: expected a name that ends in ${possible.join(" or ")}`,
    );
  }
  const content = ending === ".png"
    ? await pngOf(figure)
    : new TextEncoder().encode(ending === ".svg" ? figure.svg! : pageOf(figure));
  await Deno.mkdir(dirname(path), { recursive: true });
  // Renamed when it is whole, so that nobody finds half a picture.
  await Deno.writeFile(`${path}.part`, content);
  await Deno.rename(`${path}.part`, path);
}

/** The figure in pixels, two for each of the page's. */
export async function pngOf({ png, svg }: Figure): Promise<Uint8Array<ArrayBuffer>> {
  if (png) return png;
  const { default: sharp } = await import("sharp");
  const pixels = await sharp(Buffer.from(withoutFonts(svg!)), { density: 144 })
    .png({ compressionLevel: 9 }).toBuffer();
  return new Uint8Array(pixels);
}

function pageOf(figure: Figure): string {
  return `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n` +
    `<meta name="viewport" content="width=device-width, initial-scale=1">\n` +
    `<meta name="color-scheme" content="light dark">\n<title>${escape(figure.alt)}</title>\n` +
    `</head>\n<body style="font:14px system-ui,sans-serif">\n${htmlOf(figure)}\n</body>\n</html>\n`;
}
