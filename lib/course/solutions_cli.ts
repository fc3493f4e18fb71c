/**
 * deno task solutions: proves that every exercise works.
 *
 *     deno task solutions
 *     deno task solutions 01 --json
 */
import { readArguments, runCommand } from "../arguments.ts";
import { checkCode } from "./check_code.ts";
import { countsOf, proveCourse } from "./gates/prove_course.ts";
import type { ExerciseProof } from "./gates/prove_exercise.ts";
import { findLesson } from "./lessons.ts";
import { openSandbox } from "./sandbox/mod.ts";

const USAGE = `deno task solutions [LESSON …]

For every exercise: the stub fails, the solution passes, each planted bug fails and is named to
who makes it, stub and solution have the same signature. Ends with 1 if anything is wrong.

  --json   prints the counts alone
`;

const OPTIONS = { json: "flag", help: "flag" } as const;

await runCommand(async (args) => {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return console.log(USAGE);
  await using sandbox = await openSandbox();
  if (!options.json) console.log(row(["", "stub", "solution", "bugs caught", "named", "checks"]));
  const proof = await proveCourse((exercise, code) => checkCode(exercise, code, sandbox), {
    ...(words.length > 0 && { lessons: words.map(findLesson) }),
    onExercise: (found) => options.json || console.log(describe(found)),
  });
  const counts = countsOf(proof);
  if (options.json) console.log(JSON.stringify(counts, null, 2));
  else {
    for (const problem of counts.problems) console.log(`✗ ${problem}`);
    console.log(
      `${counts.exercises} exercises: ${counts.stubs_failing} stubs fail, ` +
        `${counts.solutions_passing} solutions pass, ${counts.bugs_caught} of ` +
        `${counts.bugs_planted} planted bugs are caught and ${counts.bugs_named} named, ` +
        `by ${counts.checks} checks`,
    );
  }
  if (counts.problems.length > 0) {
    throw new Error(`${counts.problems.length} things are wrong with the exercises`);
  }
});

function describe({ id, title, stubFails, solutionPasses, bugs, checks }: ExerciseProof): string {
  const share = (count: number) => `${count} of ${bugs.length}`;
  return row([
    `${id} ${title}`,
    stubFails ? "fails" : "PASSES",
    solutionPasses ? "passes" : "FAILS",
    share(bugs.filter(({ caught }) => caught).length),
    share(bugs.filter(({ named }) => named).length),
    `${checks}`,
  ]);
}

function row([name = "", ...cells]: readonly string[]): string {
  return name.padEnd(40) + cells.map((cell) => cell.padStart(12)).join("");
}
