import { type Cell, sourceOf } from "../../jupyter/notebook_format.ts";
import { inRepository } from "../lessons/lesson_files.ts";

/** Code cells that are checked together, in order: later ones know the names of earlier ones. */
export interface CodeCells {
  /** What they are called in messages: `notebooks/01_flow_matching.ipynb`. */
  path: string;
  cells: readonly Cell[];
}

/** Something that the type checker found. */
export interface TypeError {
  /** `notebooks/01_flow_matching.ipynb, cell 7, line 3, column 12`. */
  place: string;
  /** What is wrong, with the line of code. */
  message: string;
}

/** Where modules are written for the type checker, which only knows files; removed afterwards. */
const FOLDER = inRepository("runs/.types");

/**
 * Checks the types of notebooks' code cells, each notebook as one module, with the project's settings.
 * Cells tagged `skip-types` are left out. Throws an Error if Deno cannot be run.
 */
export async function checkTypes(notebooks: readonly CodeCells[]): Promise<TypeError[]> {
  await Deno.mkdir(FOLDER, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: FOLDER });
  try {
    const modules = notebooks.map((notebook, i) => ({
      ...moduleOf(notebook),
      file: `${folder}/notebook_${i}.ts`,
    }));
    for (const { file, code } of modules) await Deno.writeTextFile(file, code);
    const output = await denoCheck(modules.map(({ file }) => file));
    return readErrors(output, (file, line) => {
      const module = modules.find((module) => module.file.endsWith(file));
      return module?.placeOf(line);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** All code cells as one module, and from where each of its lines (from 1) comes. */
export function moduleOf({ path, cells }: CodeCells): {
  code: string;
  placeOf: (line: number) => string | undefined;
} {
  // The first line makes it a module; nothing can be imported from it.
  const lines = ["export {};"], places: (string | undefined)[] = [undefined];
  for (const [i, cell] of cells.entries()) {
    if (cell.cell_type !== "code" || cell.metadata.tags?.includes("skip-types")) continue;
    for (const [j, line] of sourceOf(cell).split(/\r?\n/).entries()) {
      lines.push(line);
      places.push(`${path}, cell ${i + 1}, line ${j + 1}`);
    }
    // A cell without a last semicolon must not go on in the next one.
    lines.push(";");
    places.push(`${path}, end of cell ${i + 1}`);
  }
  return { code: lines.join("\n") + "\n", placeOf: (line) => places[line - 1] };
}

async function denoCheck(files: readonly string[]): Promise<string> {
  if (files.length === 0) return "";
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", ...files],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const text = new TextDecoder().decode(stderr);
  return code === 0 ? "" : text;
}

/** Takes the type checker's report apart: messages that end with "at file:line:column". */
export function readErrors(
  report: string,
  placeOf: (file: string, line: number) => string | undefined,
): TypeError[] {
  const errors: TypeError[] = [];
  let message: string[] = [];
  for (const line of report.split("\n")) {
    const [, file, row, column] = /^\s*at file:\S*\/(\w+\.ts):(\d+):(\d+)$/.exec(line) ?? [];
    if (file === undefined) message.push(line);
    else {
      const place = placeOf(file, Number(row));
      const outside = line.trim().slice(3);
      errors.push({
        place: place ? `${place}, column ${column}` : outside,
        message: message.join("\n").trim(),
      });
      message = [];
    }
  }
  if (errors.length === 0 && report.trim() !== "") {
    errors.push({ place: "", message: report.trim() });
  }
  return errors;
}
