/**
 * Tests of what you write in notebooks/: an exercise that you have not attempted is ignored, one that you have must
 * pass its checks, and its types must be right.
 */
import { assert, assertEquals } from "@std/assert";
import { checkCode } from "../../lib/course/check_code.ts";
import { readLearner } from "../../lib/course/notebooks/learner.ts";
import { checkAnswerTypes } from "../../lib/course/notebooks/answer_types.ts";
import { isUntouched, reportText } from "../../lib/course/report_text.ts";
import { CHECK_TIME } from "../../lib/course/run_checks.ts";
import { openSandbox } from "../../lib/course/sandbox/mod.ts";

for (const { path, answers, problem } of await readLearner()) {
  Deno.test({
    name: `${path} can be read`,
    // Whoever has no notebooks has nothing to test.
    ignore: problem?.endsWith("is missing") ?? false,
    fn: () => assert(problem === undefined, problem),
  });
  for (const { exercise, code, untouched } of answers) {
    Deno.test({
      name: `exercise ${exercise.id}, ${exercise.title}`,
      ignore: untouched || code === undefined,
      fn: async () => {
        await using sandbox = await openSandbox({ spare: false, timeLimit: CHECK_TIME });
        const report = await checkCode(exercise, code!, sandbox);
        assert(
          report.passed,
          isUntouched(report) ? "still calls todo()" : reportText(exercise, report),
        );
      },
    });
  }
  const written = answers.filter(({ untouched, code }) => !untouched && code !== undefined);
  Deno.test({
    name: `types of your answers in ${path}`,
    ignore: written.length === 0,
    fn: async () => assertEquals(await checkAnswerTypes(path, written), []),
  });
}
