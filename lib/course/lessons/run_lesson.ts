import { type Notebook, type NotebookRun, runNotebook, sourceOf } from "../../jupyter/mod.ts";
import type { Lesson } from "../lessons.ts";
import { readSolutions } from "../solutions.ts";
import { exerciseOf, fillIn, isCheck } from "./fill_in.ts";
import { inRepository } from "./lesson_files.ts";
import { slimOutput } from "./slim_outputs.ts";

/** How a lesson's notebook is run. */
export interface RunLessonOptions {
  /** With reference answers in its exercises ("solved"), or as a learner first opens it. */
  exercises: "solved" | "untouched";
  /** Fewer steps, to see that everything works. */
  quick: boolean;
  onCell?: (index: number, source: string) => void;
}

/** A lesson's run and what is wrong with it, in sentences. */
export interface LessonRun extends NotebookRun {
  problems: string[];
}

/** Runs a lesson's notebook from top to bottom in the course's kernel and looks at what comes out. */
export async function runLesson(
  lesson: Lesson,
  notebook: Notebook,
  { exercises, quick, onCell }: RunLessonOptions,
): Promise<LessonRun> {
  const solutions = await readSolutions(lesson);
  const run = await runNotebook(exercises === "solved" ? fillIn(notebook, solutions) : notebook, {
    folder: inRepository("notebooks"),
    env: { COURSE_QUICK: quick ? "1" : "0" },
    ...(onCell && { onCell }),
  });
  return { ...run, problems: [...problemsOf(run, exercises)] };
}

/** The stored form of a run: stubs as they were, no outputs where learners work, and what was measured. */
export async function storedForm(
  lesson: Lesson,
  notebook: Notebook,
  run: NotebookRun,
  measured: { seconds: number; quickSeconds: number },
): Promise<Notebook> {
  const solutions = await readSolutions(lesson);
  const cells = notebook.cells.map((cell, i) => {
    const ran = run.notebook.cells[i]!;
    const isEmpty = cell.cell_type !== "code" || isCheck(cell) || exerciseOf(cell, solutions);
    if (isEmpty) return cell;
    return {
      ...cell,
      outputs: (ran.outputs ?? []).map(slimOutput),
      execution_count: ran.execution_count ?? null,
    };
  });
  const round = (seconds: number) => Math.round(seconds * 10) / 10;
  const course = { seconds: round(measured.seconds), quickSeconds: round(measured.quickSeconds) };
  return { ...notebook, cells, metadata: { ...notebook.metadata, course } };
}

function* problemsOf(
  run: NotebookRun,
  exercises: RunLessonOptions["exercises"],
): Generator<string> {
  for (const { index, status, error, source } of run.cells) {
    if (status === "ok") continue;
    yield `cell ${index + 1} (${source.split("\n")[0]}) failed: ${error ?? status}`;
  }
  for (const [i, cell] of run.notebook.cells.entries()) {
    if (cell.cell_type !== "code") continue;
    const outputs = cell.outputs ?? [];
    const error = outputs.find((output) => output.output_type === "error");
    if (error && run.failed?.index !== i && !cell.metadata.tags?.includes("raises-exception")) {
      yield `cell ${i + 1} shows an error: ${error.ename}: ${error.evalue}`;
    }
    if (!isCheck(cell)) continue;
    const shown = JSON.stringify(outputs);
    const [, passed, total] = /(\d+) of (\d+) checks passed/.exec(shown) ?? [];
    const right = exercises === "untouched"
      ? shown.includes("not attempted yet")
      : passed !== undefined && passed === total;
    if (!right && !run.failed) {
      yield `cell ${i + 1}, ${sourceOf(cell).split("\n")[0]}, does not say ` +
        (exercises === "untouched" ? '"not attempted yet"' : "that all checks passed");
    }
  }
}
