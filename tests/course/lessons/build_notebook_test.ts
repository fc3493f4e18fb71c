import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Exercise } from "../../../lib/course/exercise.ts";
import { buildNotebook, dots } from "../../../lib/course/lessons/build_notebook.ts";
import { driftOf, fillIn, keepOutputs } from "../../../lib/course/lessons/fill_in.ts";
import { parseLesson } from "../../../lib/course/lessons/parse_lesson.ts";
import { parseSolutions } from "../../../lib/course/solutions.ts";
import { formatNotebook, parseNotebook, sourceOf } from "../../../lib/jupyter/mod.ts";

const exercise: Exercise = {
  id: "9.1",
  name: "one",
  title: "The number one",
  difficulty: 2,
  importance: 5,
  minutes: 3,
  hints: ["a", "b"],
  checks: [],
  bugs: [],
};
const solutions = parseSolutions(
  "// exercise 9.1\n/** One. */\nexport function one(): number {\n  return 1;\n}\n",
  "09.ts",
);

function build(markdown: string) {
  const blocks = parseLesson(markdown, "lessons/09.md");
  return buildNotebook({ blocks, exercises: [exercise], solutions, path: "lessons/09.md" });
}

Deno.test("an exercise becomes its introduction, its stub and its check", () => {
  const { cells } = build("hello\n<!-- exercise 9.1 -->\n");
  assertEquals(cells.map(({ cell_type, id }) => [cell_type, id]), [
    ["markdown", "cell-1"],
    ["markdown", "introduction-9-1"],
    ["code", "exercise-9-1"],
    ["code", "check-9-1"],
  ]);
  assert(sourceOf(cells[1]!).includes("Exercise 9.1: The number one"));
  assert(sourceOf(cells[1]!).includes("Difficulty ●●○○○ · Importance ●●●●● · about 3 minutes"));
  assertEquals(
    sourceOf(cells[2]!),
    '/** One. */\nfunction one(): number {\n  return todo("9.1");\n}',
  );
  assertEquals(cells[2]!.metadata.tags, ["9.1"]);
  assertEquals(sourceOf(cells[3]!), 'await check("9.1", one);\n// await hint("9.1");');
});

Deno.test("a built notebook asks for the course's kernel and survives being written and read", () => {
  const notebook = build("<!-- exercise 9.1 -->\n\n```ts\none();\n```\n");
  assertEquals(notebook.metadata["kernelspec"].name, "deno-course");
  const read = parseNotebook(formatNotebook(notebook), "09.ipynb");
  assertEquals(driftOf(read, notebook), []);
  assertEquals(new Set(notebook.cells.map(({ id }) => id)).size, notebook.cells.length);
});

Deno.test("solutions are filled into exercise cells alone", () => {
  const notebook = build("<!-- exercise 9.1 -->\n\n```ts\none();\n```\n");
  const sources = fillIn(notebook, solutions).cells.map(sourceOf);
  assertEquals(sources[1], "/** One. */\nfunction one(): number {\n  return 1;\n}");
  assertEquals(sources.filter((_, i) => i !== 1), notebook.cells.map(sourceOf).toSpliced(1, 1));
});

Deno.test("a notebook that is not what its lesson builds is found, outputs apart", () => {
  const built = build("<!-- exercise 9.1 -->\n\n```ts\none();\n```\n");
  const changed = structuredClone(built);
  changed.cells[3]!.outputs = [{ output_type: "stream", name: "stdout", text: "1" }];
  changed.metadata["course"] = { seconds: 3 };
  assertEquals(driftOf(changed, built), []);
  changed.cells[2]!.source = "await check();";
  assertEquals(driftOf(changed, built), ["cell 3 is not what its lesson builds"]);
  changed.cells.pop();
  assertEquals(driftOf(changed, built)[0], "it has 3 cells, its lesson builds 4");
});

Deno.test("outputs are kept while only words change, and dropped when code does", () => {
  const stored = build("old\n<!-- exercise 9.1 -->\n\n```ts\none();\n```\n");
  stored.cells.at(-1)!.outputs = [{ output_type: "stream", name: "stdout", text: "1" }];
  stored.metadata["course"] = { seconds: 3 };
  const words = build("new\n\n---\n\nwords\n<!-- exercise 9.1 -->\n\n```ts\none();\n```\n");
  const kept = keepOutputs(words, stored);
  assertEquals(kept.cells.at(-1)!.outputs, stored.cells.at(-1)!.outputs);
  assertEquals([kept.cells.length, kept.metadata["course"]], [6, { seconds: 3 }]);
  assertEquals(driftOf(kept, words), []);
  const code = build("old\n<!-- exercise 9.1 -->\n\n```ts\none() + 1;\n```\n");
  assertEquals(keepOutputs(code, stored), code);
  assertEquals(keepOutputs(code, undefined), code);
});

Deno.test("a lesson and its exercises must belong together", () => {
  assertThrows(() => build("nothing"), "lessons/09.md lacks a line <!-- exercise 9.1 -->");
  assertThrows(() => build("<!-- exercise 9.1 -->\n<!-- exercise 9.1 -->"), "exercise 9.1 twice");
  assertThrows(() => build("<!-- exercise 9.1 -->\n<!-- exercise 9.2 -->"), "there are 9.1");
  const blocks = parseLesson("<!-- exercise 9.1 -->", "a.md");
  const parts = { blocks, exercises: [exercise], path: "a.md" };
  assertThrows(() => buildNotebook({ ...parts, solutions: new Map() }), "is missing, expected one");
});

Deno.test("a rating is five dots", () => {
  assertEquals([1, 5].map(dots), ["●○○○○", "●●●●●"]);
});
