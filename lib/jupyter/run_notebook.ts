import { type Execution, type KernelClient, startKernel } from "./client.ts";
import { type Notebook, sourceOf } from "./notebook_format.ts";

/** What became of a notebook that was run from top to bottom. */
export interface NotebookRun {
  /** A copy of the notebook with the outputs of this run. */
  notebook: Notebook;
  /** The cells that were run, in order. */
  cells: CellRun[];
  /** From the start of the first cell to the end of the last. */
  seconds: number;
  /** The first cell that failed; the run ended there. */
  failed?: CellRun;
}

/** What became of one cell. */
export interface CellRun extends Execution {
  /** Place of the cell in the notebook, from 0, all kinds of cells counted. */
  index: number;
  source: string;
  seconds: number;
}

export interface RunNotebookOptions {
  /** Where the kernel runs: the notebook's folder, as in Jupyter. */
  folder: string;
  env?: Record<string, string>;
  /** Milliseconds; ten minutes by default. */
  cellTimeLimit?: number;
  /** Called before each cell. */
  onCell?: (index: number, source: string) => void;
}

/**
 * Runs all code cells of a notebook in the course's kernel and collects their outputs. The first cell that
 * fails ends the run, unless it is tagged `raises-exception`, as in other notebook runners.
 */
export async function runNotebook(
  notebook: Notebook,
  { folder, env = {}, cellTimeLimit = 600_000, onCell }: RunNotebookOptions,
): Promise<NotebookRun> {
  const copy = structuredClone(notebook), cells: CellRun[] = [];
  const kernel = await startKernel({ folder, env });
  const start = performance.now();
  let failed: CellRun | undefined;
  try {
    for (const [index, cell] of copy.cells.entries()) {
      if (cell.cell_type !== "code") continue;
      cell.outputs = [];
      cell.execution_count = null;
      const source = sourceOf(cell);
      if (failed || source.trim() === "") continue;
      onCell?.(index, source);
      const run = await runCell(kernel, index, source, cellTimeLimit);
      cell.outputs = run.outputs;
      cell.execution_count = run.executionCount;
      cells.push(run);
      if (run.status !== "ok" && !cell.metadata.tags?.includes("raises-exception")) failed = run;
    }
  } finally {
    await kernel.stop();
  }
  const seconds = (performance.now() - start) / 1000;
  return { notebook: copy, cells, seconds, ...(failed ? { failed } : {}) };
}

async function runCell(
  kernel: KernelClient,
  index: number,
  source: string,
  timeLimit: number,
): Promise<CellRun> {
  const start = performance.now();
  const execution = await kernel.execute(source, { timeLimit });
  return { ...execution, index, source, seconds: (performance.now() - start) / 1000 };
}
