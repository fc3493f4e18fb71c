import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { callInProcess } from "../../lib/course/call_in_process.ts";
import type { Exercise } from "../../lib/course/exercise.ts";
import { numberOf, tensorOf } from "../../lib/course/outputs.ts";
import { reportText } from "../../lib/course/report_text.ts";
import { runChecks } from "../../lib/course/run_checks.ts";
import { todo } from "../../lib/course/todo.ts";
import { float32 } from "../../lib/tensors.ts";

const half: Exercise = {
  id: "9.1",
  name: "half",
  title: "Half of it",
  difficulty: 1,
  importance: 1,
  minutes: 1,
  hints: ["Divide.", "By two."],
  checks: [
    { name: "of two", args: [float32([2], [2, 2])], expected: () => float32([2], [1, 1]) },
    { name: "of four", args: [float32([2], [4, 8])], expected: () => float32([2], [2, 4]) },
    {
      name: "twice is a quarter",
      calls: [[float32([1], [8])], [float32([1], [4])]],
      judge: ([a, b]) =>
        tensorOf(a, [1]).data[0] === 2 * tensorOf(b, [-1]).data[0]! ? undefined : "it is not",
    },
  ],
  bugs: [
    { name: "double", says: "Doubled.", wrong: (x: tf.Tensor) => tf.mul(x, 2) },
    { name: "minus one", says: "Minus one.", wrong: (x: tf.Tensor) => tf.sub(x, 1) },
    { name: "root", says: "A root.", wrong: (x: tf.Tensor) => tf.sub(tf.sqrt(x), Math.SQRT2 - 1) },
    {
      name: "shape",
      says: "A column.",
      wrong: (x: tf.Tensor) => tf.reshape(tf.div(x, 2), [-1, 1]),
    },
    { name: "throws", says: "Seven.", wrong: (x: tf.Tensor) => tf.add(x, tf.zeros([7])) },
  ],
};

// deno-lint-ignore no-explicit-any
const reportOf = (fn: (...args: any[]) => unknown) => runChecks(half, callInProcess(fn));

Deno.test("a right answer passes every check, and no more are counted than there are", async () => {
  const report = await reportOf((x: tf.Tensor) => tf.div(x, 2));
  assertEquals(report.results.map(({ verdict }) => verdict), ["exact", "exact", "holds"]);
  assertMatch(reportText(half, report), /^9\.1 Half of it: 3 of 3 checks passed/);
});

Deno.test("checks end at the first that fails, and the others are shown as not run", async () => {
  const report = await reportOf((x: tf.Tensor) => tf.mul(x, 3));
  assertEquals([report.passed, report.results.length, report.total], [false, 1, 3]);
  assertEquals(
    reportText(half, report),
    "9.1 Half of it: 0 of 3 checks passed\n" +
      "  ✗ of two: max difference 5 at [0]: expected 1, got 6\n" +
      "  · of four: not run\n  · twice is a quarter: not run",
  );
});

Deno.test("a stub is not attempted, which is no failure of a check", async () => {
  const report = await reportOf(() => todo("9.1"));
  assertEquals(report.results.map(({ verdict }) => verdict), ["not attempted"]);
  assertEquals(reportText(half, report).includes("✗"), false);
  assertEquals(report.passed, false);
});

for (const bug of half.bugs) {
  Deno.test(`who makes the planted mistake "${bug.name}" is told so`, async () => {
    const { passed, results } = await reportOf(bug.wrong);
    assertEquals([passed, results.at(-1)?.likely], [false, bug.says]);
  });
}

Deno.test("mistakes that look the same at first are told apart by later checks", async () => {
  const twins: Exercise = {
    ...half,
    bugs: [
      { name: "zero", says: "Zero.", wrong: (x: tf.Tensor) => tf.mul(x, 0) },
      { name: "below two", says: "Below two.", wrong: (x: tf.Tensor) => tf.sub(x, 2) },
    ],
  };
  for (const bug of twins.bugs) {
    const { results } = await runChecks(twins, callInProcess(bug.wrong));
    assertEquals([results.length, results[0]?.likely], [1, bug.says]);
  }
});

Deno.test("another mistake than the planted ones is not blamed on them", async () => {
  const { results } = await reportOf((x: tf.Tensor) => tf.mul(x, 5));
  assertEquals(results[0]?.likely, undefined);
});

Deno.test("an answer that no judge can look at is a wrong type, not a fault of the check", async () => {
  const { results } = await runChecks(
    { ...half, checks: [{ name: "a number", calls: [[1]], judge: ([x]) => `${numberOf(x)}` }] },
    callInProcess(() => [1, 2]),
  );
  assertEquals(results[0]?.verdict, "wrong type");
  assertEquals(results[0]?.message, "returned an array of 2 numbers, expected a number");
});

Deno.test("a check that takes too long ends, and says so", async () => {
  const never = () => new Promise<never>(() => {});
  const { results } = await runChecks(half, never, { timeLimit: 20 });
  assertEquals(results.map(({ verdict }) => verdict), ["too slow"]);
  assertEquals(results[0]!.message, "took longer than 0.02 seconds");
});

Deno.test("checks can be stopped", async () => {
  const stop = new AbortController();
  const never = () => new Promise<never>(() => {});
  setTimeout(() => stop.abort(new Error("enough")), 10);
  await assertRejects(() => runChecks(half, never, { signal: stop.signal }), "enough");
});

Deno.test("the reference is computed before the learner's code can touch anything", async () => {
  const order: string[] = [];
  const watched: Exercise = {
    ...half,
    checks: [{
      name: "order",
      args: [],
      expected: () => {
        order.push("reference");
        return 1;
      },
    }],
  };
  await runChecks(watched, () => {
    order.push("answer");
    return Promise.resolve(1);
  });
  assertEquals(order, ["reference", "answer"]);
});

Deno.test("answers with a picture carry target and answer, if their shapes agree", async () => {
  const drawn: Exercise = {
    ...half,
    checks: [{
      name: "drawn",
      args: [float32([2], [2, 2])],
      expected: () => float32([2], [1, 1]),
      draw: "curve",
    }],
  };
  const right = await runChecks(drawn, callInProcess((x: tf.Tensor) => tf.add(x, 1)));
  assertEquals(right.results[0]?.picture?.actual, float32([2], [3, 3]));
  const wrong = await runChecks(drawn, callInProcess(() => tf.zeros([3])));
  assert(wrong.results[0]?.picture === undefined);
});
