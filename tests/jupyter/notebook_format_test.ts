import { assertEquals, assertThrows } from "@std/assert";
import { formatNotebook, parseNotebook, sourceOf } from "@course/jupyter/mod.ts";

const NOTEBOOK = {
  cells: [
    { cell_type: "markdown", id: "a", metadata: {}, source: ["# Title\n", "\n", "Text"] },
    {
      cell_type: "code",
      execution_count: 1,
      id: "b",
      metadata: { tags: ["1.2"] },
      outputs: [{ name: "stdout", output_type: "stream", text: ["5\n"] }],
      source: ["console.log(5)"],
    },
  ],
  metadata: { kernelspec: { name: "deno-course" } },
  nbformat: 4,
  nbformat_minor: 5,
};

Deno.test("reading and writing a notebook changes nothing in its file", () => {
  const text = JSON.stringify(NOTEBOOK, null, 1) + "\n";
  assertEquals(formatNotebook(parseNotebook(text, "a.ipynb")), text);
});

Deno.test("sources may be strings or lists of lines, and notebooks older than 4.5", () => {
  const old = {
    cells: [{
      cell_type: "code",
      metadata: {},
      source: "1\n2",
      outputs: [],
      execution_count: null,
    }],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 0,
  };
  const { cells: [cell], nbformat_minor } = parseNotebook(
    `\uFEFF${JSON.stringify(old)}`,
    "a.ipynb",
  );
  assertEquals([sourceOf(cell!), nbformat_minor], ["1\n2", 0]);
  assertEquals(sourceOf({ source: ["1\n", "2"] }), "1\n2");
});

Deno.test("broken notebooks are refused with the file's name and what is wrong", () => {
  const cases: [text: string, message: string][] = [
    ["", "Cannot read the notebook a.ipynb: the file is empty"],
    ["{", "a.ipynb: it is not JSON"],
    ["[]", "a.ipynb: expected an object with cells, got a list"],
    ['{"nbformat":3}', "its format is 3, expected 4"],
    ['{"nbformat":4}', "its cells are missing, expected a list"],
    ['{"nbformat":4,"cells":[5]}', "cell 1: expected an object, got a number"],
    ['{"nbformat":4,"cells":[{"cell_type":"code"}]}', "cell 1: its source is missing"],
    [
      '{"nbformat":4,"cells":[{"cell_type":"heading","source":""}]}',
      'cell 1: its type is "heading"',
    ],
  ];
  for (const [text, message] of cases) {
    assertThrows(() => parseNotebook(text, "a.ipynb"), message);
  }
});
