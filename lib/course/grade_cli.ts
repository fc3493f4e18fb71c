/**
 * deno task grade FOLDER: checks what a class handed in.
 *
 *     deno task grade submissions
 *     deno task grade submissions --lesson 01,02 --out grades
 */
import { basename, join, resolve } from "node:path";
import { numberAbove0, readArguments, runCommand, wholeNumber } from "../arguments.ts";
import { checkWritable } from "../disk.ts";
import { writeWhole } from "./lessons/lesson_files.ts";
import { findLesson, LESSONS } from "./lessons.ts";
import {
  courseFingerprint,
  createGradeProgress,
  detailsCsv,
  findSubmissions,
  gradeAll,
  gradebookCsv,
  gradePage,
  gradeTable,
  loadAssignment,
  openStore,
} from "./grading/mod.ts";

const USAGE = `deno task grade FOLDER [options]

Every folder and every zip file in FOLDER is one learner's; single notebooks belong to the learner
whose name stands beside the lesson's. Learners' code runs without any permission. A run that was
ended goes on where it was; a submission that changed is graded again.

  --out FOLDER        where results go; "grades" in the folder of submissions by default
  --lesson 01,02      lessons to grade; all by default
  --jobs 4            submissions at the same time; as many as there are processor cores by default
  --time-limit 5      seconds for each call of a learner's function
  --memory 512        megabytes for each learner's code
  --fresh             grades everything again
`;

const OPTIONS = {
  out: "value",
  lesson: "value",
  jobs: "value",
  "time-limit": "value",
  memory: "value",
  fresh: "flag",
  help: "flag",
} as const;

/** Where texts go. */
export interface GradeOutput {
  print(line: string): void;
  /** Progress that is written over in a terminal. */
  progress: { write(text: string): void; terminal: boolean; columns?: number };
}

/** Runs one command line; throws an error of one sentence for what cannot be done. */
export async function runGrade(
  args: readonly string[],
  { print, progress: output }: GradeOutput = standardOutput(),
  signal?: AbortSignal,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  if (words.length !== 1) throw new RangeError("Name the folder: deno task grade submissions");
  const folder = words[0]!, out = options.out?.[0] ?? join(folder, "grades");
  const [chosen] = options.lesson ?? [];
  const lessons = chosen?.split(",").map((word) => findLesson(word.trim())) ?? LESSONS;
  const jobs = wholeNumber(
    "jobs",
    options.jobs?.[0] ?? `${navigator.hardwareConcurrency}`,
    1,
    256,
  );
  const timeLimit = 1000 * numberAbove0("time-limit", options["time-limit"]?.[0] ?? "5");
  const memoryLimit = wholeNumber("memory", options.memory?.[0] ?? "512", 128, 65536);

  const names = lessons.map(({ name }) => name);
  const { submissions, ignored } = await findSubmissions(folder, names, out);
  if (submissions.length === 0) {
    throw new RangeError(`There are no submissions in ${folder}: expected folders or zip files`);
  }
  await checkWritable(out);
  if (options.fresh) await removeIfThere(join(out, "submissions"));
  const assignments = await Promise.all(lessons.map(loadAssignment));
  const rules = [await courseFingerprint(), timeLimit, memoryLimit, ...names].join(" ");
  const store = await openStore(join(out, "submissions"), rules);

  const progress = createGradeProgress(submissions.length, output);
  let known = 0;
  const started = performance.now();
  const grades = await gradeAll(submissions, {
    assignments,
    store,
    jobs,
    limits: { timeLimit, memoryLimit },
    ...(signal && { signal }),
    onGrade(grade, wasKnown) {
      if (wasKnown) known++;
      progress.onGrade(grade, wasKnown);
    },
  }).finally(() => progress.end());

  const date = new Date(), title = basename(resolve(folder));
  const lists = assignments.map(({ name, exercises }) => ({
    name,
    exercises: exercises.map(({ id, title }) => ({ id, title })),
  }));
  const json = { folder: title, date, lessons: lists, submissions: grades, ignored };
  const page = gradePage({ title, assignments, submissions: grades, date, ignored });
  await writeWhole(join(out, "results.json"), JSON.stringify(json, null, 1) + "\n");
  await writeWhole(join(out, "results.csv"), detailsCsv(assignments, grades));
  await writeWhole(join(out, "gradebook.csv"), gradebookCsv(assignments, grades));
  await writeWhole(join(out, "report.html"), page);

  print(gradeTable(assignments, grades, output.columns ?? 120));
  if (ignored.length > 0) print(`\nNot looked at: ${ignored.join(", ")}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  print(
    `\n${grades.length} submissions in ${seconds} s` +
      (known > 0 ? `, ${known} of them unchanged since they were graded` : "") +
      `\nTo look at: ${join(out, "report.html")}\n` +
      `For programs: gradebook.csv, results.csv and results.json beside it`,
  );
}

async function removeIfThere(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

function standardOutput(): GradeOutput {
  const encoder = new TextEncoder(), terminal = Deno.stderr.isTerminal();
  return {
    print: (line) => console.log(line),
    progress: {
      write: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
      terminal,
      ...(terminal && { columns: Deno.consoleSize().columns }),
    },
  };
}

if (import.meta.main) {
  await runCommand(async (args) => {
    const stop = new AbortController();
    Deno.addSignalListener("SIGINT", () => {
      stop.abort(new Error("Ended. What is graded is kept: run it again to go on"));
    });
    await runGrade(args, standardOutput(), stop.signal);
  });
}
