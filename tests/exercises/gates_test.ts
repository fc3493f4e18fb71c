/** The gates that every exercise of the course must pass; deno task solutions shows them as a table. */
import { assert, assertEquals } from "@std/assert";
import { checkCode } from "../../lib/course/check_code.ts";
import { EXERCISES } from "../../lib/course/exercises/mod.ts";
import { countsOf } from "../../lib/course/gates/prove_course.ts";
import { proveExercise } from "../../lib/course/gates/prove_exercise.ts";
import { LESSONS } from "../../lib/course/lessons.ts";
import { buildLesson } from "../../lib/course/lessons/lesson_files.ts";
import { CHECK_TIME } from "../../lib/course/run_checks.ts";
import { openSandbox } from "../../lib/course/sandbox/mod.ts";
import { readSolutions } from "../../lib/course/solutions.ts";

for (const lesson of LESSONS) {
  const exercises = await lesson.exercises();
  const solutions = await readSolutions(lesson);

  Deno.test(`${lesson.name}: lesson, exercises and solutions belong together`, async () => {
    assertEquals([...solutions.keys()], exercises.map(({ id }) => id));
    assert(exercises.every(({ id }) => id.startsWith(`${lesson.number}.`)));
    // Refuses exercises that are missing in the text, and those that are there twice.
    await buildLesson(lesson);
  });

  for (const exercise of exercises) {
    Deno.test(`exercise ${exercise.id}: the stub fails, the solution passes, planted bugs are named`, async () => {
      await using sandbox = await openSandbox({ spare: false, timeLimit: CHECK_TIME });
      const proof = await proveExercise(
        exercise,
        solutions.get(exercise.id),
        (exercise, code) => checkCode(exercise, code, sandbox),
      );
      assertEquals(proof.problems, []);
      const counts = countsOf({ exercises: [proof], problems: [] });
      assertEquals([counts.stubs_failing, counts.solutions_passing], [1, 1]);
      assertEquals(
        [counts.bugs_caught, counts.bugs_named],
        [exercise.bugs.length, exercise.bugs.length],
      );
    });
  }
}

Deno.test("every exercise has an id of its own", () => {
  const ids = EXERCISES.map(({ id }) => id);
  assertEquals([...new Set(ids)], ids);
  assert(ids.length > 0);
});
