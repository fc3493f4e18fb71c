import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Cell, type Notebook, runNotebook } from "@course/jupyter/mod.ts";
import { folder } from "./helpers.ts";

const code = (source: string, tags: string[] = []): Cell => ({
  cell_type: "code",
  metadata: { tags },
  source,
  outputs: [{ output_type: "stream", name: "stdout", text: "of an earlier run\n" }],
  execution_count: 9,
});

const notebook = (...cells: Cell[]): Notebook => ({
  cells,
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

Deno.test("a notebook runs from top to bottom and comes back with its outputs", async () => {
  const original = notebook(
    { cell_type: "markdown", metadata: {}, source: "# Title" },
    code("const x = 2;\nconsole.log(Deno.env.get('COURSE_QUICK'));"),
    code(" "),
    code("throw new Error('expected')", ["raises-exception"]),
    code("x + 1"),
  );
  const seen: number[] = [];
  const { notebook: done, cells, failed } = await runNotebook(original, {
    folder,
    env: { COURSE_QUICK: "1" },
    onCell: (index) => seen.push(index),
  });
  assertEquals(failed, undefined);
  assertEquals(seen, [1, 3, 4]);
  assertEquals(cells.map(({ index, status }) => [index, status]), [[1, "ok"], [3, "error"], [
    4,
    "ok",
  ]]);
  assertEquals(done.cells.map(({ execution_count }) => execution_count), [
    undefined,
    1,
    null,
    2,
    3,
  ]);
  assertEquals(done.cells[1]!.outputs, [{ output_type: "stream", name: "stdout", text: "1\n" }]);
  assertEquals(done.cells[2]!.outputs, []);
  assertEquals(done.cells[4]!.outputs, [
    {
      output_type: "execute_result",
      data: { "text/plain": "3" },
      metadata: {},
      execution_count: 3,
    },
  ]);
  assertEquals(original.cells[1]!.execution_count, 9);
});

Deno.test("the first cell that fails ends the run", async () => {
  const { failed, cells } = await runNotebook(notebook(code("1"), code("\nnothing"), code("3")), {
    folder,
  });
  assertEquals(cells.length, 2);
  assertEquals(failed?.index, 1);
  assertStringIncludes(failed?.error ?? "", "cell[2]:2:1");
});

Deno.test("a cell that takes too long fails", async () => {
  const { failed } = await runNotebook(notebook(code("for (;;) {}")), {
    folder,
    cellTimeLimit: 300,
  });
  assertStringIncludes(failed?.error ?? "", "longer than its limit of 0.3 s");
});
