import type { Exercise } from "../exercise.ts";
import type { Solution } from "../solutions.ts";
import { type Block, LessonError } from "./parse_lesson.ts";
import type { Cell, Notebook } from "../../jupyter/notebook_format.ts";

/** What a lesson's notebook is built from. */
export interface LessonParts {
  blocks: readonly Block[];
  exercises: readonly Exercise[];
  solutions: ReadonlyMap<string, Solution>;
  /** For messages: `lessons/01_flow_matching.md`. */
  path: string;
}

/** The kernel that every notebook of the course asks for. */
export const KERNELSPEC = {
  name: "deno-course",
  display_name: "Deno (course)",
  language: "typescript",
} as const;

/**
 * Builds a lesson's notebook, without outputs: every exercise becomes its introduction, its stub and its check.
 * Throws a {@linkcode LessonError} if the lesson, the exercises and the solutions do not belong together.
 */
export function buildNotebook({ blocks, exercises, solutions, path }: LessonParts): Notebook {
  expectEach(blocks, exercises, path);
  const cells = blocks.flatMap((block): Cell[] => {
    if (block.kind === "text") return [textCell(block.text)];
    if (block.kind === "code") return [codeCell(block.code, block.tags)];
    const exercise = exercises.find(({ id }) => id === block.id)!;
    const solution = solutions.get(block.id);
    if (!solution || solution.name !== exercise.name) {
      const found = solution ? `is called ${solution.name}` : "is missing";
      throw new LessonError(
        `${path}: the solution of exercise ${block.id} ${found}, expected ${exercise.name}`,
      );
    }
    return [
      textCell(introduction(exercise), `introduction-${idName(block.id)}`),
      codeCell(solution.stub, [block.id], `exercise-${idName(block.id)}`),
      codeCell(checkCode(exercise), ["check"], `check-${idName(block.id)}`),
    ];
  });
  return {
    cells: cells.map((cell, i) => cell.id ? cell : { ...cell, id: `cell-${i + 1}` }),
    metadata: {
      kernelspec: { ...KERNELSPEC },
      language_info: {
        name: "typescript",
        file_extension: ".ts",
        mimetype: "text/x.typescript",
        codemirror_mode: "typescript",
        pygments_lexer: "typescript",
        nbconvert_exporter: "script",
      },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** `●●○○○` */
export function dots(rating: number): string {
  return "●".repeat(rating) + "○".repeat(5 - rating);
}

function introduction({ id, title, difficulty, importance, minutes }: Exercise): string {
  return `### Exercise ${id}: ${title}\n\n` +
    `Difficulty ${dots(difficulty)} · Importance ${
      dots(importance)
    } · about ${minutes} minutes\n\n` +
    "Write your code in place of `todo`, run the cell, then run the check below it.";
}

function checkCode({ id, name }: Exercise): string {
  return `await check("${id}", ${name});\n// await hint("${id}");`;
}

function idName(id: string): string {
  return id.replaceAll(/[^\w-]/g, "-");
}

function textCell(source: string, id = ""): Cell {
  return { cell_type: "markdown", id, metadata: {}, source };
}

function codeCell(source: string, tags: readonly string[], id = ""): Cell {
  const metadata = tags.length > 0 ? { tags: [...tags] } : {};
  return { cell_type: "code", execution_count: null, id, metadata, outputs: [], source };
}

function expectEach(
  blocks: readonly Block[],
  exercises: readonly Exercise[],
  path: string,
): void {
  const used = blocks.flatMap((block) => block.kind === "exercise" ? [block.id] : []);
  const known = exercises.map(({ id }) => id);
  const twice = used.find((id, i) => used.indexOf(id) !== i);
  if (twice) throw new LessonError(`${path} has exercise ${twice} twice`);
  const unknown = used.find((id) => !known.includes(id));
  if (unknown) {
    throw new LessonError(
      `${path} has exercise ${unknown}, but there are ${known.join(", ") || "none"}`,
    );
  }
  const missing = known.find((id) => !used.includes(id));
  if (missing) throw new LessonError(`${path} lacks a line <!-- exercise ${missing} -->`);
}
