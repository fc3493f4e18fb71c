import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { callInProcess } from "../../lib/course/call_in_process.ts";
import type { Bug, Exercise } from "../../lib/course/exercise.ts";
import { proveExercise } from "../../lib/course/gates/prove_exercise.ts";
import { runChecks } from "../../lib/course/run_checks.ts";
import { parseSolutions } from "../../lib/course/solutions.ts";
import { todo } from "../../lib/course/todo.ts";
import { float32 } from "../../lib/tensors.ts";

const flipped: Bug = { name: "flipped", says: "Flipped.", wrong: (x: tf.Tensor) => tf.neg(x) };
const doubled: Bug = { name: "doubled", says: "Doubled.", wrong: (x: tf.Tensor) => tf.mul(x, 2) };

const exercise: Exercise = {
  id: "9.1",
  name: "same",
  title: "The same",
  difficulty: 1,
  importance: 1,
  minutes: 1,
  hints: ["What came?", "Give it back."],
  checks: [
    { name: "one", args: [float32([1], [1])], expected: () => float32([1], [1]) },
    { name: "three", args: [float32([1], [3])], expected: () => float32([1], [3]) },
  ],
  bugs: [flipped, doubled],
};
const solution = parseSolutions(
  "// exercise 9.1\n/** The same. */\nexport function same(x: tf.Tensor): tf.Tensor {\n" +
    "  return tf.clone(x);\n}\n",
  "09.ts",
).get("9.1")!;

/** Stands for the sandbox: runs the two texts that these tests know. */
const knownCode: Parameters<typeof proveExercise>[2] = (exercise, code) =>
  runChecks(
    exercise,
    callInProcess(code.includes("todo(") ? () => todo("9.1") : (x: tf.Tensor) => tf.clone(x)),
  );

const problemsOf = async (
  changes: Partial<Exercise>,
  answer: typeof solution | undefined = solution,
) => (await proveExercise({ ...exercise, ...changes }, answer, knownCode)).problems;

Deno.test("a sound exercise passes the gates", async () => {
  const proof = await proveExercise(exercise, solution, knownCode);
  assertEquals(proof.problems, []);
  assertEquals([proof.stubFails, proof.solutionPasses], [true, true]);
  assertEquals(proof.bugs.map(({ caught, named }) => caught && named), [true, true]);
});

const GATES: [what: string, changes: Partial<Exercise>, problem: string][] = [
  [
    "a planted bug that passes",
    { bugs: [flipped, { name: "none", says: "None.", wrong: (x: tf.Tensor) => tf.clone(x) }] },
    'the bug "none" passes all checks',
  ],
  [
    "a planted bug that looks just like another",
    { bugs: [flipped, { name: "twin", says: "Twin.", wrong: (x: tf.Tensor) => tf.mul(x, -1) }] },
    'who makes the bug "twin" is told "Flipped."',
  ],
  ["too few bugs", { bugs: [flipped] }, "it has 1 planted bugs, expected at least 2"],
  ["too few hints", { hints: ["a"] }, "it has 1 hints, expected at least 2"],
  ["a hint twice", { hints: ["a", "a"] }, 'two of its hints are the same: "a"'],
  [
    "a hint that is the solution",
    { hints: ["a", "Write return tf.clone(x)"] },
    "its last hint is the solution",
  ],
  [
    "checks that the solution fails",
    {
      checks: [
        { name: "two", args: [float32([1], [1])], expected: () => float32([1], [2]) },
        exercise.checks[1]!,
      ],
    },
    "the solution fails: two: max difference 1 at [0]: expected 2, got 1",
  ],
  [
    "another name than its solution",
    { name: "equal" },
    "its solution is called same, expected equal",
  ],
];

for (const [what, changes, problem] of GATES) {
  Deno.test(`an exercise with ${what} does not pass the gates`, async () => {
    const problems = await problemsOf(changes);
    assert(problems.includes(problem), problems.join("\n"));
  });
}

Deno.test("stubs that do something, other signatures and missing solutions do not pass the gates", async () => {
  assertEquals(await problemsOf({}, { ...solution, stub: solution.code }), [
    'the stub is not "not attempted": it passes',
  ]);
  const other = solution.stub.replace("x: tf.Tensor)", "y: tf.Tensor)");
  assertEquals(await problemsOf({}, { ...solution, stub: other }), [
    "its stub and its solution have different signatures",
  ]);
  const { problems, solutionPasses } = await proveExercise(exercise, undefined, knownCode);
  assertEquals([problems, solutionPasses], [["it has no solution"], false]);
});
