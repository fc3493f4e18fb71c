import type { CellOutput } from "../../jupyter/mod.ts";

const HTML = "text/html", PNG = "image/png", SVG = "image/svg+xml";

/**
 * An output without the pixels that it holds twice, for notebooks that are stored. Of a picture in pixels the PNG
 * stays, which every viewer shows, and not the page fragment around it; of several figures in one the page
 * fragment stays, and not the drawing that joins them. Charts keep both forms: they are small.
 */
export function slimOutput(output: CellOutput): CellOutput {
  if (output.output_type !== "display_data" && output.output_type !== "execute_result") {
    return output;
  }
  const { data, metadata } = output;
  const html = textOf(data[HTML]), svg = textOf(data[SVG]);
  if (html && data[PNG] && !html.includes("<script")) {
    const [, width, height] = /^<img [^>]* width="(\d+)" height="(\d+)"/.exec(html) ?? [];
    const size = width && height ? { width: Number(width), height: Number(height) } : {};
    return { ...output, data: without(data, HTML), metadata: { ...metadata, [PNG]: size } };
  }
  if (html && svg?.includes("data:image/png")) return { ...output, data: without(data, SVG) };
  return output;
}

function without(data: Record<string, unknown>, type: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([name]) => name !== type));
}

/** Text as one piece; notebooks may hold it in lines. */
function textOf(text: unknown): string | undefined {
  if (Array.isArray(text)) return text.join("");
  return typeof text === "string" ? text : undefined;
}
