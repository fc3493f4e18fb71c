/**
 * deno task lesson: builds notebooks from the Markdown of their lessons, runs and compares them.
 *
 *     deno task lesson build 01 --run
 *     deno task lesson run --quick
 */
import { readArguments, runCommand } from "../../arguments.ts";
import { formatNotebook, type Notebook, sourceOf } from "../../jupyter/mod.ts";
import { findLesson, type Lesson, LESSONS } from "../lessons.ts";
import { readSolutions } from "../solutions.ts";
import { driftOf, exerciseOf, keepOutputs } from "./fill_in.ts";
import {
  buildLesson,
  inRepository,
  notebookPath,
  readNotebook,
  writeNotebook,
} from "./lesson_files.ts";
import { newLesson } from "./new_lesson.ts";
import { type LessonRun, runLesson, type RunLessonOptions, storedForm } from "./run_lesson.ts";

const USAGE = `deno task lesson COMMAND

  list              the lessons, and what their notebooks measured
  new 04_text       files to start a lesson with
  build [LESSON …]  makes notebooks/LESSON.ipynb from lessons/LESSON.md; outputs stay
                    if no line of code changed
      --run         runs it, with the solutions filled in, and stores the outputs
      --force       also where somebody has worked in the notebook
  run [LESSON …]    runs notebooks as they are stored and as they are solved, stores nothing
      --quick       with few steps, as tests do; each within 90 seconds
  check [LESSON …]  fails if a notebook is not what its lesson builds
`;

const OPTIONS = { run: "flag", quick: "flag", force: "flag", help: "flag" } as const;

/** Bytes of a notebook that is still quickly opened, seconds of a run in quick mode. */
const LARGEST = 1_500_000, QUICK_LIMIT = 90, FULL_LIMIT = 600;

await runCommand(async (args) => {
  const { words: [command, ...names], options } = readArguments(args, OPTIONS);
  if (command === undefined || options.help) return console.log(USAGE);
  if (command === "new") return await newLesson(names[0]);
  const lessons = names.length > 0 ? names.map(findLesson) : LESSONS;
  const problems: string[] = [];
  for (const lesson of lessons) {
    const path = notebookPath(lesson);
    const tell = (problem: string) => {
      problems.push(problem);
      console.log(`✗ ${path}: ${problem}`);
    };
    if (command === "list") console.log(await describe(lesson));
    else if (command === "build") {
      await build(lesson, { run: !!options.run, force: !!options.force });
    } else if (command === "run") await runBoth(lesson, !!options.quick, tell);
    else if (command === "check") await compare(lesson, tell);
    else throw new RangeError(`There is no command "${command}"\n\n${USAGE}`);
  }
  if (problems.length > 0) throw new Error(`${problems.length} problems with notebooks`);
});

async function build(lesson: Lesson, { run, force }: { run: boolean; force: boolean }) {
  const path = notebookPath(lesson);
  const built = await buildLesson(lesson);
  if (!force) await expectUntouched(lesson, built);
  if (!run) {
    const kept = keepOutputs(built, await readNotebook(lesson));
    await writeNotebook(lesson, kept);
    const outputs = kept === built ? "without outputs" : "outputs kept";
    return console.log(`${path}: ${built.cells.length} cells, ${outputs}`);
  }
  const quick = await tryRun(lesson, built, { exercises: "solved", quick: true });
  const full = await tryRun(lesson, built, { exercises: "solved", quick: false });
  const problems = [...quick.problems, ...full.problems];
  if (problems.length > 0) throw new Error(`${path} was not stored:\n${problems.join("\n")}`);
  const stored = await storedForm(lesson, built, full, {
    seconds: full.seconds,
    quickSeconds: quick.seconds,
  });
  const place = formatNotebook(stored).includes(inRepository("."));
  if (place) throw new Error(`${path} was not stored: an output names a folder of this machine`);
  const size = new TextEncoder().encode(formatNotebook(stored)).length;
  if (size > LARGEST) {
    throw new Error(
      `${path} would have ${size} bytes, at most ${LARGEST} are stored:\n` + largest(stored),
    );
  }
  await writeNotebook(lesson, stored);
  console.log(`${path}: ${Math.round(full.seconds)} s, ${(size / 1e6).toFixed(2)} MB, stored`);
  if (full.seconds > FULL_LIMIT) throw new Error(`${path} takes longer than ${FULL_LIMIT} seconds`);
}

async function runBoth(lesson: Lesson, quick: boolean, tell: (problem: string) => void) {
  const notebook = await readNotebook(lesson);
  if (!notebook) return tell("is missing");
  for (const exercises of ["untouched", "solved"] as const) {
    const { problems, seconds } = await tryRun(lesson, notebook, { exercises, quick });
    problems.forEach(tell);
    const limit = quick ? QUICK_LIMIT : FULL_LIMIT;
    if (seconds > limit) tell(`took ${Math.round(seconds)} s, ${exercises}: at most ${limit} s`);
  }
}

async function tryRun(
  lesson: Lesson,
  notebook: Notebook,
  options: RunLessonOptions,
): Promise<LessonRun> {
  const run = await runLesson(lesson, notebook, options);
  const slowest = run.cells.toSorted((a, b) => b.seconds - a.seconds).slice(0, 3)
    .map(({ index, seconds }) => `cell ${index + 1} ${seconds.toFixed(1)} s`).join(", ");
  console.log(
    `${lesson.name}, ${options.exercises}, ${options.quick ? "quick" : "full"}: ` +
      `${run.cells.length} cells in ${run.seconds.toFixed(1)} s (${slowest})`,
  );
  return run;
}

async function compare(lesson: Lesson, tell: (problem: string) => void): Promise<void> {
  const stored = await readNotebook(lesson);
  if (!stored) return tell("is missing");
  driftOf(stored, await buildLesson(lesson)).forEach(tell);
}

/** Protects what somebody wrote into the exercises of a notebook. */
async function expectUntouched(lesson: Lesson, built: Notebook): Promise<void> {
  const stored = await readNotebook(lesson), solutions = await readSolutions(lesson);
  const known = built.cells.map(sourceOf);
  const worked = stored?.cells.find((cell) =>
    exerciseOf(cell, solutions) && !known.includes(sourceOf(cell)) &&
    !sourceOf(cell).includes("return todo(")
  );
  if (!worked) return;
  throw new Error(
    `${notebookPath(lesson)} has an answer to exercise ${exerciseOf(worked, solutions)}, ` +
      "which would be lost. To build it all the same: --force",
  );
}

async function describe(lesson: Lesson): Promise<string> {
  const notebook = await readNotebook(lesson);
  const { seconds, quickSeconds } = notebook?.metadata["course"] ?? {};
  const measured = seconds ? `, ${seconds} s (quick: ${quickSeconds} s)` : ", without outputs";
  const state = notebook ? `${notebook.cells.length} cells${measured}` : "not built yet";
  return `${lesson.name.padEnd(28)} ${state}`;
}

function largest({ cells }: Notebook): string {
  return cells.map((cell, i) => ({ i, size: JSON.stringify(cell.outputs ?? []).length }))
    .sort((a, b) => b.size - a.size).slice(0, 5)
    .map(({ i, size }) => `  cell ${i + 1}: ${size} bytes`).join("\n");
}
