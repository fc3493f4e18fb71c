import { assertEquals, assertThrows } from "@std/assert";
import { replaceSource } from "../../../lib/course/notebooks/replace_source.ts";
import { formatNotebook, type Notebook } from "../../../lib/jupyter/mod.ts";

const notebook: Notebook = {
  cells: [
    { cell_type: "markdown", id: "a", metadata: {}, source: 'say "cells": [{}]\n\\' },
    {
      cell_type: "code",
      id: "b",
      metadata: { tags: ["1.1"] },
      source: "const a = 1;\nconst b = 2;",
    },
    { cell_type: "code", id: "c", metadata: { source: "not this" }, source: "" },
  ],
  metadata: { cells: [{ source: "nor this" }] },
  nbformat: 4,
  nbformat_minor: 5,
};

/** The same notebook as different programs write it. */
const LAYOUTS: Record<string, string> = {
  "with a line for each row": formatNotebook(notebook),
  "with two spaces": JSON.stringify(JSON.parse(formatNotebook(notebook)), null, 2),
  "with line ends of another system": formatNotebook(notebook).replaceAll("\n", "\r\n"),
  "with sources as strings": JSON.stringify(notebook, null, 1),
  "in one line": JSON.stringify(JSON.parse(formatNotebook(notebook))),
  "with a byte order mark": "\uFEFF" + formatNotebook(notebook),
};

for (const [what, text] of Object.entries(LAYOUTS)) {
  Deno.test(`a cell's source is replaced in a file ${what}, every other byte stays`, () => {
    for (const [index, source] of ['x;\n\n"y";', "", "one line"].entries()) {
      const changed = replaceSource(text, index, source);
      assertEquals(sourcesOf(changed), sourcesOf(text).with(index, source));
      assertEquals(replaceSource(changed, index, sourcesOf(text)[index]!), text);
    }
  });
}

Deno.test("a cell that is not there is an error", () => {
  assertThrows(() => replaceSource(LAYOUTS["in one line"]!, 3, ""), "no cell 4");
  assertThrows(() => replaceSource("[]", 0, ""), "no cell 1");
});

function sourcesOf(text: string): string[] {
  return (JSON.parse(text.replace("\uFEFF", "")) as Notebook).cells
    .map(({ source }) => [source].flat().join(""));
}
