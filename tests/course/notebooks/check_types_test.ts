import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkTypes, moduleOf, readErrors } from "../../../lib/course/notebooks/check_types.ts";
import type { Cell } from "../../../lib/jupyter/mod.ts";

const cell = (
  source: string,
  metadata: Cell["metadata"] = {},
  cell_type: Cell["cell_type"] = "code",
): Cell => ({
  cell_type,
  source,
  metadata,
});

Deno.test("cells are checked together, with the import map, and errors lead back to their line", async () => {
  const good = [
    cell('import { quick } from "@course/course/mod.ts";\nconst a = quick(1, 2)'),
    cell("Some *text*", {}, "markdown"),
    cell("(a + 1).toFixed();"),
    cell('const wrong: number = "x";', { tags: ["skip-types"] }),
  ];
  const bad = [cell("const a = 1;"), cell("\n  const b: string = a;")];
  assertEquals(
    await checkTypes([{ path: "good.ipynb", cells: good }, { path: "bad.ipynb", cells: bad }])
      .then((errors) => errors.map(({ place }) => place)),
    ["bad.ipynb, cell 2, line 2, column 9"],
  );
});

Deno.test("code that is no TypeScript is an error too", async () => {
  const [error] = await checkTypes([{ path: "a.ipynb", cells: [cell("def f(x):\n  return x")] }]);
  assertStringIncludes(error!.place + error!.message, "a.ipynb, cell 1");
});

Deno.test("a module knows from which cell each line comes", () => {
  const { code, placeOf } = moduleOf({
    path: "n",
    cells: [cell("a\nb"), cell("", {}, "markdown"), cell("c")],
  });
  const line = (text: string) => placeOf(code.split("\n").indexOf(text) + 1);
  assertEquals(["a", "b", "c"].map(line), [
    "n, cell 1, line 1",
    "n, cell 1, line 2",
    "n, cell 3, line 1",
  ]);
});

Deno.test("a report without places is one error", () => {
  assertEquals(readErrors("error: no memory", () => undefined), [
    { place: "", message: "error: no memory" },
  ]);
  assertEquals(readErrors("", () => undefined), []);
});
