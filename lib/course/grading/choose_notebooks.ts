import { type Notebook, parseNotebook, sourceOf } from "../../jupyter/notebook_format.ts";
import { findCells, type FoundCell } from "../notebooks/find_cells.ts";
import type { HandedIn } from "./archive.ts";
import type { Assignment } from "./grades.ts";

/** The notebook of a lesson in a submission. */
export interface Chosen {
  assignment: Assignment;
  /** None if there is no such notebook. */
  file?: string;
  /** Why there are no cells, in a sentence. */
  problem?: string;
  cells: FoundCell[];
  /** What is unusual, in sentences. */
  notes: string[];
}

interface Candidate {
  path: string;
  notebook?: Notebook;
  problem?: string;
}

/**
 * Finds each lesson's notebook: by its file name, else by the exercises that it holds. Of several, the one in which
 * most exercises were attempted counts.
 */
export function chooseNotebooks(
  files: readonly HandedIn[],
  assignments: readonly Assignment[],
): Chosen[] {
  const candidates = files.map(readCandidate);
  const named = assignments.map(({ name }) =>
    candidates.filter(({ path }) => plain(path).includes(plain(name)))
  );
  const others = candidates.filter((candidate) => !named.flat().includes(candidate));
  return assignments.map((assignment, i) => {
    const byContent = others.filter(({ notebook }) =>
      notebook && findCells(notebook, assignment.exercises).some(({ code }) => code !== undefined)
    );
    const suitable = named[i]!.some(({ notebook }) => notebook) ? named[i]! : [
      ...byContent,
      ...named[i]!,
    ];
    return choose(assignment, suitable);
  });
}

function choose(assignment: Assignment, candidates: readonly Candidate[]): Chosen {
  const ranked = candidates.map((candidate) => {
    const cells = candidate.notebook ? findCells(candidate.notebook, assignment.exercises) : [];
    const attempted = cells.filter(({ exercise, code }) =>
      code !== undefined && !isStub(code, assignment.stubs.get(exercise.id))
    );
    return { ...candidate, cells, attempted: candidate.notebook ? attempted.length : -1 };
  }).sort((a, b) => b.attempted - a.attempted || a.path.length - b.path.length);
  const [best] = ranked;
  if (!best) {
    return { assignment, problem: `There is no notebook ${assignment.name}`, cells: [], notes: [] };
  }
  const { path, problem, cells } = best;
  const notes = [
    ...(plain(path).includes(plain(assignment.name))
      ? []
      : [`It is called ${path}: found by the exercises in it.`]),
    ...(ranked.length > 1
      ? [`There are ${ranked.length} such notebooks: ${path}, the furthest, is graded.`]
      : []),
    ...common(cells),
  ];
  const own = cells.map((cell) => ({
    ...cell,
    notes: cell.notes.filter((note) => !notes.includes(note)),
  }));
  return { assignment, file: path, ...(problem && { problem }), cells: own, notes };
}

/** True for the text of a stub, however its lines end. */
export function isStub(code: string, stub: string | undefined): boolean {
  // Without regular expressions, some of which take for ever over a million blanks.
  const text = (code: string) => code.split("\n").map((line) => line.trimEnd()).join("\n").trim();
  return text(code) === "" || (stub !== undefined && text(code) === text(stub));
}

/** Characters that the cells of a notebook may hold, without outputs. */
const MOST_TEXT = 1e6;

function readCandidate({ path, bytes }: HandedIn): Candidate {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const notebook = parseNotebook(text, path);
    const length = notebook.cells.reduce((sum, cell) => sum + sourceOf(cell).length, 0);
    if (length > MOST_TEXT) return { path, problem: `The notebook ${path} is too long to be read` };
    return { path, notebook };
  } catch (error) {
    const problem = error instanceof TypeError
      ? `Cannot read the notebook ${path}: it is not text in UTF-8`
      : (error as Error).message;
    return { path, problem };
  }
}

/** Notes that stand at every cell and so are about the notebook. */
function common(cells: readonly FoundCell[]): string[] {
  const [first, ...rest] = cells;
  return first && rest.length > 0
    ? first.notes.filter((note) => rest.every(({ notes }) => notes.includes(note)))
    : [];
}

/** A name without what people and systems change in it. */
function plain(path: string): string {
  const name = path.split(/[/\\]/).at(-1)!.replace(/\.ipynb$/i, "");
  return name.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "_");
}
