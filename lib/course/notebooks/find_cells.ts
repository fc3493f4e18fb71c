import { type Cell, type Notebook, sourceOf } from "../../jupyter/notebook_format.ts";
import type { Exercise } from "../exercise.ts";

/** Where a learner's answer to an exercise is. */
export interface FoundCell {
  exercise: Exercise;
  /** The cell's place in the notebook, from 0; undefined if there is no cell that could be it. */
  index?: number;
  /** What the cell holds. */
  code?: string;
  /** What is unusual about it, in sentences. */
  notes: string[];
}

/**
 * Finds the cells of exercises in a learner's notebook: by their tag, else by `todo("1.2")`, else by the name of
 * the function that they define. Of several, the last one that defines the function counts, as it does when the
 * notebook is run from top to bottom.
 */
export function findCells(notebook: Notebook, exercises: readonly Exercise[]): FoundCell[] {
  const cells = notebook.cells.map((cell, index) => ({ cell, index, code: sourceOf(cell) }));
  return exercises.map((exercise) => findCell(exercise, cells, languageOf(notebook)));
}

interface Numbered {
  cell: Cell;
  index: number;
  code: string;
}

function findCell(
  exercise: Exercise,
  cells: readonly Numbered[],
  language: string | undefined,
): FoundCell {
  const { id, name } = exercise;
  const notes = language && language !== "typescript" && language !== "javascript"
    ? [`The notebook says that it is written in ${language}.`]
    : [];
  const code = cells.filter(({ cell }) => cell.cell_type === "code");
  const tagged = code.filter(({ cell }) => isTagged(cell, id));
  const withTodo = code.filter((cell) => cell.code.includes(`todo("${id}")`));
  const named = code.filter((cell) => defines(cell.code, name));
  const found = [tagged, withTodo, named].find((some) => some.length > 0);
  if (!found) {
    const other = cells.find(({ cell }) => isTagged(cell, id));
    const lost = other
      ? `Cell ${
        other.index + 1
      }, of exercise ${id}, is no code: its type is ${other.cell.cell_type}.`
      : `There is no cell tagged ${id}, and none that defines ${name}.`;
    return { exercise, notes: [...notes, lost] };
  }
  const usable = found.filter((cell) => defines(cell.code, name));
  // The tag may have stayed behind when the function was moved to another cell.
  const chosen = usable.at(-1) ?? named.at(-1) ?? found.at(-1)!;
  const at = `cell ${chosen.index + 1}`;
  if (tagged.length === 0) {
    notes.push(`No cell is tagged ${id}: ${at} defines ${name} and is used.`);
  } else if (!found.includes(chosen)) {
    notes.push(`The cell tagged ${id} does not define ${name}: ${at} does and is used.`);
  }
  if (usable.length > 1) {
    notes.push(`${usable.length} cells define ${name}: the last, ${at}, counts.`);
  }
  const foreign = foreignLanguage(chosen.code);
  if (foreign) {
    notes.push(`Cell ${chosen.index + 1} is written in ${foreign}, expected TypeScript.`);
  }
  return { exercise, index: chosen.index, code: chosen.code, notes };
}

function isTagged({ metadata }: Cell, id: string): boolean {
  return Array.isArray(metadata.tags) && metadata.tags.includes(id);
}

function defines(code: string, name: string): boolean {
  // No two repetitions that could share blanks between them: cells may hold a million.
  return new RegExp(
    `(^|[^\\w$.])(function(\\s*\\*\\s*|\\s+)${name}|(const|let|var)\\s+${name})(?![\\w$])`,
    "m",
  )
    .test(code);
}

function languageOf({ metadata }: Notebook): string | undefined {
  const language = metadata["kernelspec"]?.language ?? metadata["language_info"]?.name;
  return typeof language === "string" ? language.toLowerCase() : undefined;
}

/** A language that is recognised by its first lines; TypeScript is not among them. */
function foreignLanguage(code: string): string | undefined {
  const magic = /^\s*%%(\w+)/.exec(code)?.[1];
  if (magic) return magic;
  return /^[ \t]*(def \w+\(.*:[ \t]*\r?$|import \w+ as \w+[ \t]*\r?$|from \w+ import )/m.test(code)
    ? "Python"
    : undefined;
}
