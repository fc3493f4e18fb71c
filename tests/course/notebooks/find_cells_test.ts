import { assertEquals } from "@std/assert";
import { FLOW_MATCHING } from "../../../lib/course/exercises/01_flow_matching/mod.ts";
import { findCells } from "../../../lib/course/notebooks/find_cells.ts";
import type { Cell, Notebook } from "../../../lib/jupyter/mod.ts";

const exercise = FLOW_MATCHING[0]!, { id, name } = exercise;
const CODE = `function ${name}(x0, x1, t) { return x0; }`;

const cell = (
  source: string,
  tags: string[] = [],
  cell_type: Cell["cell_type"] = "code",
): Cell => ({
  cell_type,
  source,
  metadata: { tags },
});

/** Cells, the place of the one that counts, and what is said about it. */
const CASES: [what: string, cells: Cell[], index: number | undefined, notes: string[]][] = [
  ["tagged", [cell("1"), cell(CODE, [id])], 1, []],
  [
    "tagged among other tags, its source a list",
    [
      { ...cell("", ["mine", id]), source: [`function ${name}() {\n`, "}"] },
    ],
    0,
    [],
  ],
  ["without its tag", [cell("1"), cell(CODE)], 1, [
    `No cell is tagged ${id}: cell 2 defines ${name} and is used.`,
  ]],
  ["without its tag, still the stub", [cell(`const other = () => todo("${id}");`)], 0, [
    `No cell is tagged ${id}: cell 1 defines ${name} and is used.`,
  ]],
  ["written as a constant", [cell(`const ${name} = (x0, x1, t) => x0;`, [id])], 0, []],
  ["there twice", [cell(CODE, [id]), cell(CODE, [id])], 1, [
    `2 cells define ${name}: the last, cell 2, counts.`,
  ]],
  ["moved to another cell", [cell("// moved", [id]), cell(CODE)], 1, [
    `The cell tagged ${id} does not define ${name}: cell 2 does and is used.`,
  ]],
  ["turned into text", [cell(CODE, [id], "markdown")], undefined, [
    `Cell 1, of exercise ${id}, is no code: its type is markdown.`,
  ]],
  ["gone", [cell("1"), cell(`// ${name}`)], undefined, [
    `There is no cell tagged ${id}, and none that defines ${name}.`,
  ]],
  ["written in Python", [cell(`def ${name}(x0, x1, t):\n  return x0`, [id])], 0, [
    "Cell 1 is written in Python, expected TypeScript.",
  ]],
  ["meant for another language", [cell("%%bash\nls", [id])], 0, [
    "Cell 1 is written in bash, expected TypeScript.",
  ]],
  [
    "beside a name that only begins alike",
    [cell(`function ${name}Many() {}`), cell(CODE, [id])],
    1,
    [],
  ],
];

for (const [what, cells, index, notes] of CASES) {
  Deno.test(`an exercise cell that is ${what} is found or missed in words`, () => {
    const [found] = findCells(notebookOf(cells), [exercise]);
    assertEquals([found?.index, found?.notes], [index, notes]);
  });
}

Deno.test("a notebook that says it is Python's is noted", () => {
  const notebook = {
    ...notebookOf([cell(CODE, [id])]),
    metadata: { language_info: { name: "python" } },
  };
  assertEquals(findCells(notebook, [exercise])[0]!.notes, [
    "The notebook says that it is written in python.",
  ]);
});

function notebookOf(cells: Cell[]): Notebook {
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}
