import { type Cell, type Notebook, sourceOf } from "../../jupyter/notebook_format.ts";
import type { Solution } from "../solutions.ts";

/** The id of the exercise that a cell is for, if it is for one. */
export function exerciseOf(
  cell: Cell,
  solutions: ReadonlyMap<string, Solution>,
): string | undefined {
  if (cell.cell_type !== "code") return undefined;
  return cell.metadata.tags?.find((tag) => solutions.has(tag));
}

/** True for cells that check an exercise. */
export function isCheck(cell: Cell): boolean {
  return cell.cell_type === "code" && (cell.metadata.tags?.includes("check") ?? false);
}

/** The notebook with the reference answers in its exercise cells. */
export function fillIn(notebook: Notebook, solutions: ReadonlyMap<string, Solution>): Notebook {
  return {
    ...notebook,
    cells: notebook.cells.map((cell) => {
      const id = exerciseOf(cell, solutions);
      return id === undefined ? cell : { ...cell, source: solutions.get(id)!.code };
    }),
  };
}

/** A newly built notebook with the outputs of the stored one, if not a line of code changed since; else without. */
export function keepOutputs(built: Notebook, stored: Notebook | undefined): Notebook {
  const codeOf = ({ cells }: Notebook) => cells.filter(({ cell_type }) => cell_type === "code");
  const old = stored ? codeOf(stored) : [],
    sources = (cells: Cell[]) => cells.map(sourceOf).join("\0");
  if (sources(old) !== sources(codeOf(built))) return built;
  const course = stored!.metadata["course"];
  let i = 0;
  return {
    ...built,
    cells: built.cells.map((cell) => {
      if (cell.cell_type !== "code") return cell;
      const { outputs = [], execution_count = null } = old[i++]!;
      return { ...cell, outputs, execution_count };
    }),
    metadata: { ...built.metadata, ...(course && { course }) },
  };
}

/** Differences between a stored notebook and what its lesson builds, outputs and measurements apart. */
export function driftOf(stored: Notebook, built: Notebook): string[] {
  const differences: string[] = [];
  if (stored.cells.length !== built.cells.length) {
    differences.push(
      `it has ${stored.cells.length} cells, its lesson builds ${built.cells.length}`,
    );
  }
  const changed = built.cells.findIndex((cell, i) => {
    const other = stored.cells[i];
    return !other || essence(other) !== essence(cell);
  });
  if (changed >= 0) differences.push(`cell ${changed + 1} is not what its lesson builds`);
  const kernel = (notebook: Notebook) => JSON.stringify(notebook.metadata["kernelspec"]);
  if (kernel(stored) !== kernel(built)) differences.push("it asks for another kernel");
  return differences;
}

function essence(cell: Cell): string {
  const { cell_type, id, metadata } = cell;
  return JSON.stringify([cell_type, id, metadata.tags ?? [], sourceOf(cell)]);
}
