/** Exercises as learners meet them: in cells, in the course's kernel. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { findLesson } from "../../lib/course/lessons.ts";
import { buildNotebook } from "../../lib/course/lessons/build_notebook.ts";
import { runLesson } from "../../lib/course/lessons/run_lesson.ts";
import { parseLesson } from "../../lib/course/lessons/parse_lesson.ts";
import { readSolutions } from "../../lib/course/solutions.ts";
import { type Notebook, runNotebook } from "../../lib/jupyter/mod.ts";

const lesson = findLesson("1"), exercises = await lesson.exercises();
const SETUP = `import * as tf from "@tensorflow/tfjs-core";
import { check, hint, quick, todo, yours } from "@course/course/mod.ts";`;
const blocks = parseLesson(
  "```ts\n" + SETUP + "\n```\n" + exercises.map(({ id }) => `<!-- exercise ${id} -->`).join("\n"),
  "a.md",
);
const solutions = await readSolutions(lesson);
const notebook = buildNotebook({ blocks, exercises, solutions, path: "a.md" });

Deno.test("every check of a lesson passes with the solutions, and none throws with the stubs", async () => {
  for (const state of ["untouched", "solved"] as const) {
    const run = await runLesson(lesson, notebook, { exercises: state, quick: true });
    assertEquals(run.problems, []);
    assertEquals(run.cells.length, 1 + 2 * exercises.length);
  }
});

Deno.test("a lesson's run that goes wrong is told", async () => {
  const broken = structuredClone(notebook);
  broken.cells[2]!.metadata.tags = [];
  const { problems } = await runLesson(lesson, broken, { exercises: "solved", quick: true });
  assertMatch(
    problems.join(),
    /^cell 4, await check\("1\.1", interpolate\);, does not say that all checks passed$/,
  );
});

Deno.test("cells of one kernel session: hints one by one, yours or the reference, quick mode", async () => {
  const texts = await textsOf([
    SETUP,
    'await hint("1.2");',
    'await hint("1.2");',
    'const velocity = (a: tf.Tensor, b: tf.Tensor) => tf.sub(a, b);\nawait check("1.2", velocity);',
    'const used = await yours("1.2", velocity, (a, b) => tf.sub(b, a));',
    '[used === velocity, quick("full", "small")]',
    'await check("1.2", undefined as never);',
  ]);
  assertMatch(texts[1]!, /hint 1 of 2/);
  assertMatch(texts[2]!, /hint 2 of 2/);
  assertMatch(texts[3]!, /0 of 5 checks passed.*Likely: The sign/s);
  assertMatch(texts[4]!, /velocityTarget \(1\.2\): the reference, since yours does not pass/);
  assertMatch(texts[5]!, /false.*small/s);
  assertMatch(
    texts[6]!,
    /hand it the function itself, as in await check\("1\.2", velocityTarget\)/,
  );
});

/** What cells show, run one after the other: their plain text, or their error. */
async function textsOf(codes: readonly string[]): Promise<string[]> {
  const cells: Notebook["cells"] = codes.map((source) => (
    { cell_type: "code", metadata: { tags: ["raises-exception"] }, source }
  ));
  const run = await runNotebook({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }, {
    folder: new URL("../../notebooks", import.meta.url).pathname,
    env: { COURSE_QUICK: "1" },
  });
  assert(run.cells.length === codes.length);
  return run.cells.map(({ outputs, error }) =>
    error ??
      outputs.map((output) => "data" in output ? String(output.data["text/plain"]) : "").join("\n")
  );
}
