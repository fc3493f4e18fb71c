/**
 * What learners ask for beside their notebooks: deno task progress | check [id] | hint id | reset id | learn.
 *
 * Everything is read from the notebooks anew; nothing is kept anywhere else.
 */
import { readArguments, runCommand } from "../arguments.ts";
import { findExercise, findLesson } from "./lessons.ts";
import { NOTEBOOKS } from "./lessons/lesson_files.ts";
import {
  type Answer,
  checkAnswer,
  type CheckedAnswer,
  readLearner,
  stageOf,
} from "./notebooks/learner.ts";
import { answerText, lessonText, nextText, titleOf } from "./notebooks/progress_text.ts";
import { resetAnswers } from "./notebooks/reset.ts";
import { type Change, watchNotebooks } from "./notebooks/watch.ts";
import { CHECK_TIME } from "./run_checks.ts";
import { openSandbox } from "./sandbox/mod.ts";
import { solutionOf } from "./solutions.ts";

const USAGE = `deno task progress            how far you are
deno task check [1 | 1.2]     checks a lesson, an exercise, or everything that you wrote
deno task hint 1.2 [2]        the first hint, or the second; --all for all, and the solution
deno task reset 1.2           puts the empty exercise back; the rest of the notebook stays
deno task reset 1 [--yes]     all exercises of a lesson
deno task learn               checks what you change in the notebooks, as soon as you save it

  --folder PATH               where your notebooks are, instead of notebooks/
`;

const OPTIONS = { all: "flag", yes: "flag", folder: "value", help: "flag" } as const;

interface Settings {
  all: boolean;
  yes: boolean;
  /** Where the notebooks are. */
  folder: string;
  print: (line: string) => void;
}

const COMMANDS: Readonly<Record<string, (words: string[], settings: Settings) => Promise<void>>> = {
  progress,
  check,
  hint,
  reset,
  learn,
};

/** Runs one command line; throws an error of one sentence for whatever it does not accept. */
export async function runLearner(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const { words: [command = "", ...words], options } = readArguments(args, OPTIONS);
  const run = Object.hasOwn(COMMANDS, command) && COMMANDS[command];
  if (!run || options.help) return print(USAGE);
  const [folder = NOTEBOOKS] = options.folder ?? [];
  await run(words, { all: !!options.all, yes: !!options.yes, folder, print });
}

async function progress(_words: string[], { folder, print }: Settings): Promise<void> {
  await using sandbox = await openSandbox({ timeLimit: CHECK_TIME });
  await showProgress(folder, print, (answer) => checkAnswer(answer, sandbox));
}

async function showProgress(
  folder: string,
  print: (line: string) => void,
  checkOne: (answer: Answer) => Promise<CheckedAnswer>,
): Promise<void> {
  const all: CheckedAnswer[] = [];
  for (const notebook of await readLearner(folder)) {
    const answers = await checkEach(notebook.answers, checkOne);
    all.push(...answers);
    print(lessonText(notebook, answers) + "\n");
  }
  print(nextText(all));
}

async function check(words: string[], { folder, print }: Settings): Promise<void> {
  const chosen = await chooseExercises(words);
  await using sandbox = await openSandbox({ timeLimit: CHECK_TIME });
  let failed = 0, attempted = 0;
  for (const { problem, answers } of await readLearner(folder)) {
    const asked = answers.filter(({ exercise }) => !chosen || chosen.includes(exercise.id));
    if (problem && asked.length > 0) print(`! ${problem}\n`);
    for (const answer of asked) {
      const checked = await checkAnswer(answer, sandbox);
      const stage = stageOf(checked);
      if (stage !== "pending") attempted++;
      if (stage === "failed") failed++;
      if (stage !== "pending" || words.length > 0) print(answerText(checked) + "\n");
    }
  }
  if (attempted === 0 && words.length === 0) print("No exercise was attempted yet.");
  if (failed > 0) throw new Error(`${failed} of ${attempted} attempted exercises fail`);
}

async function hint([id, which]: string[], { all, print }: Settings): Promise<void> {
  if (id === undefined) throw new RangeError("Name an exercise: deno task hint 1.2");
  const exercise = await findExercise(id), { hints } = exercise;
  const number = Number(which ?? 1);
  if (!(number >= 1 && number <= hints.length + 1)) {
    throw new RangeError(
      `Exercise ${id} has hints 1 to ${hints.length}, and ${hints.length + 1} is the solution`,
    );
  }
  const shown = all ? hints.map((_, i) => i) : [number - 1];
  print(titleOf(exercise));
  for (const i of shown.filter((i) => i < hints.length)) {
    print(`Hint ${i + 1} of ${hints.length}: ${hints[i]}`);
  }
  if (all || number > hints.length) print(`The solution:\n\n${await solutionOf(id)}`);
  else {
    const what = number < hints.length ? "next hint" : "solution";
    print(`For the ${what}: deno task hint ${id} ${number + 1}`);
  }
}

async function reset(words: string[], { yes, folder, print }: Settings): Promise<void> {
  if (words.length !== 1) throw new RangeError("Name an exercise or a lesson: deno task reset 1.2");
  const chosen = await chooseExercises(words);
  for (const notebook of await readLearner(folder)) {
    const answers = notebook.answers.filter(({ exercise }) => chosen!.includes(exercise.id));
    if (answers.length === 0) continue;
    const written = answers.filter(({ untouched }) => !untouched).map(({ exercise }) =>
      exercise.id
    );
    const question = `Take your code out of ${written.join(", ")} in ${notebook.path}?`;
    if (answers.length > 1 && written.length > 0 && !yes && !confirm(question)) {
      throw new Error("Nothing was changed. Add --yes to do it without being asked");
    }
    const removed = await resetAnswers(notebook, answers);
    for (const { id, code } of removed) print(`Taken out of ${id}:\n\n${code}\n`);
    print(
      removed.length > 0
        ? `${notebook.path} has the empty exercise again. If it is open in Jupyter, reload it from disk.`
        : "Nothing to do: your code is not in there.",
    );
  }
}

async function learn(_words: string[], { folder, print }: Settings): Promise<void> {
  const stop = new AbortController();
  Deno.addSignalListener("SIGINT", () => stop.abort());
  await using sandbox = await openSandbox({ timeLimit: CHECK_TIME });
  const known = new Map<string, CheckedAnswer>();
  const checkOnce = async (answer: Answer) => {
    const key = `${answer.exercise.id} ${answer.code}`;
    const checked = known.get(key) ?? await checkAnswer(answer, sandbox);
    known.set(key, checked);
    return checked;
  };
  const changes = watchNotebooks(folder, stop.signal);
  // Watches from here on, so that a save during the first checks is not missed.
  let change = changes.next();
  await showProgress(folder, print, checkOnce);
  print("\nWatching your notebooks: save one to have it checked. Ctrl-C ends this.");
  for (let { value, done } = await change; !done; { value, done } = await change) {
    const { notebook, answers } = value as Change;
    change = changes.next();
    print(`\n${new Date().toTimeString().slice(0, 5)}  ${notebook.path}`);
    if (notebook.problem) print(`! ${notebook.problem}`);
    for (const checked of await checkEach(answers, checkOnce)) print(answerText(checked));
    const all = (await readLearner(folder)).flatMap(({ answers }) => answers);
    print(nextText(await checkEach(all, checkOnce)));
  }
}

async function checkEach(
  answers: readonly Answer[],
  checkOne: (answer: Answer) => Promise<CheckedAnswer>,
): Promise<CheckedAnswer[]> {
  const checked: CheckedAnswer[] = [];
  for (const answer of answers) checked.push(await checkOne(answer));
  return checked;
}

/** The ids that words such as "1.2" and "1" stand for; undefined for no words. */
async function chooseExercises(words: readonly string[]): Promise<string[] | undefined> {
  if (words.length === 0) return undefined;
  const lists = await Promise.all(
    words.map(async (word) =>
      word.includes(".")
        ? [(await findExercise(word)).id]
        : (await findLesson(word).exercises()).map(({ id }) => id)
    ),
  );
  return lists.flat();
}

if (import.meta.main) await runCommand(runLearner);
