import { cellNumbered } from "./cells.ts";
import { writtenPlace } from "../positions.ts";

const own = new URL("./", import.meta.url).href;

/** Makes traces name cells, by their number and the place as it was written, and leave the kernel out. */
export function nameCellsInStacks(): void {
  Error.stackTraceLimit = 25;
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.map(frame).filter((line) => line !== undefined);
    return [heading(error), ...frames].join("\n");
  };
}

/** Name and message of an error. */
export function heading(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function frame(site: NodeJS.CallSite): string | undefined {
  const script = site.getScriptNameOrSourceURL() ?? "";
  if (script.startsWith(own) || script.startsWith("ext:")) return undefined;
  return `    at ${mapCells(String(site))}`;
}

/** Text with places of cells as they run replaced by places as they were written. */
function mapCells(text: string): string {
  return text.replace(/\bcell\[(\d+)\]:(\d+):(\d+)/g, (_, number, line, column) => {
    const positions = cellNumbered(Number(number))?.positions ?? { pieces: [] };
    return `cell[${number}]:${writtenPlace(positions, [Number(line), Number(column)]).join(":")}`;
  });
}
