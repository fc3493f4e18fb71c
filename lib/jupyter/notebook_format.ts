/** Notebook files, nbformat 4.5 (https://nbformat.readthedocs.io/en/latest/format_description.html). */

/** A notebook as its file has it. */
export interface Notebook {
  cells: Cell[];
  // deno-lint-ignore no-explicit-any
  metadata: Record<string, any>;
  nbformat: number;
  nbformat_minor: number;
}

/** A cell; `outputs` and `execution_count` are there in code cells only. */
export interface Cell {
  cell_type: "code" | "markdown" | "raw";
  id?: string;
  metadata: CellMetadata;
  source: string | string[];
  outputs?: CellOutput[];
  execution_count?: number | null;
  // deno-lint-ignore no-explicit-any
  attachments?: Record<string, any>;
}

export interface CellMetadata {
  tags?: string[];
  // deno-lint-ignore no-explicit-any
  [name: string]: any;
}

/** Something that a cell has put out: by MIME type, as a stream of text, or an error. */
export type CellOutput =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string | string[] }
  | { output_type: "display_data"; data: MimeBundle; metadata: Record<string, unknown> }
  | {
    output_type: "execute_result";
    data: MimeBundle;
    metadata: Record<string, unknown>;
    execution_count: number | null;
  }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** The same content in several forms; text as a string or a list of lines, JSON as it is. */
export type MimeBundle = Record<string, unknown>;

/** Reads a notebook; throws an Error that says what is wrong with the file and names `path`. */
export function parseNotebook(text: string, path: string): Notebook {
  const fail = (problem: string): never => {
    throw new Error(`Cannot read the notebook ${path}: ${problem}`);
  };
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    fail(text.trim() === "" ? "the file is empty" : `it is not JSON (${(error as Error).message})`);
  }
  if (!isRecord(value)) return fail(`expected an object with cells, got ${kindOf(value)}`);
  const { nbformat, nbformat_minor = 0, metadata = {}, cells } = value;
  if (nbformat !== 4) {
    fail(
      `its format is ${JSON.stringify(nbformat)}, expected 4; open it in Jupyter and save it again`,
    );
  }
  if (typeof nbformat_minor !== "number") fail("nbformat_minor is not a number");
  if (!isRecord(metadata)) fail(`its metadata is ${kindOf(metadata)}, expected an object`);
  if (!Array.isArray(cells)) return fail(`its cells are ${kindOf(cells)}, expected a list`);
  return {
    ...value,
    cells: cells.map((cell, i) => parseCell(cell, (problem) => fail(`cell ${i + 1}: ${problem}`))),
    metadata: metadata as Notebook["metadata"],
    nbformat: 4,
    nbformat_minor: nbformat_minor as number,
  };
}

/** The notebook as a file's text: one space of indentation, lines of source as a list, newline at the end. */
export function formatNotebook(notebook: Notebook): string {
  const { cells, metadata, nbformat, nbformat_minor, ...rest } = notebook;
  const stable = { cells: cells.map(stableCell), metadata, nbformat, nbformat_minor, ...rest };
  return JSON.stringify(stable, null, 1) + "\n";
}

/** The text of a cell, or of anything else that may be a string or a list of lines. */
export function sourceOf({ source }: { source: string | readonly string[] }): string {
  return typeof source === "string" ? source : source.join("");
}

function parseCell(cell: unknown, fail: (problem: string) => never): Cell {
  if (!isRecord(cell)) return fail(`expected an object, got ${kindOf(cell)}`);
  const { cell_type, source, metadata = {}, outputs = [], execution_count = null } = cell;
  if (cell_type !== "code" && cell_type !== "markdown" && cell_type !== "raw") {
    return fail(`its type is ${JSON.stringify(cell_type)}, expected "code", "markdown" or "raw"`);
  }
  const lines = Array.isArray(source) && source.every((line) => typeof line === "string");
  if (typeof source !== "string" && !lines) {
    fail(`its source is ${kindOf(source)}, expected a string or a list of strings`);
  }
  if (!isRecord(metadata)) fail(`its metadata is ${kindOf(metadata)}, expected an object`);
  const parsed = { ...cell, cell_type, source, metadata } as Cell;
  if (cell_type !== "code") return parsed;
  if (!Array.isArray(outputs)) fail(`its outputs are ${kindOf(outputs)}, expected a list`);
  return {
    ...parsed,
    outputs: outputs as CellOutput[],
    execution_count: execution_count as number,
  };
}

/** Fields in the order in which Jupyter writes them, so that saving again changes nothing. */
function stableCell(cell: Cell): Record<string, unknown> {
  const { cell_type, id, metadata, source, outputs = [], execution_count = null, ...rest } = cell;
  return {
    ...(rest.attachments ? { attachments: rest.attachments } : {}),
    cell_type,
    ...(cell_type === "code" ? { execution_count } : {}),
    ...(id === undefined ? {} : { id }),
    metadata,
    ...(cell_type === "code" ? { outputs } : {}),
    source: linesOf(sourceOf({ source })),
  };
}

/** Lines with their line ends, as Jupyter stores text: an edit then changes a line of the file. */
function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
