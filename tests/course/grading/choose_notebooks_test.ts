import { assert, assertEquals, assertMatch } from "@std/assert";
import type { HandedIn } from "../../../lib/course/grading/archive.ts";
import {
  chooseNotebooks,
  type Chosen,
  isStub,
} from "../../../lib/course/grading/choose_notebooks.ts";
import { formatNotebook } from "../../../lib/jupyter/notebook_format.ts";
import { bytesOf, FIXTURE, fixtureNotebook, fixtureText, RIGHT } from "./fixture.ts";

/** The fixture's notebook among files. */
function choose(files: Readonly<Record<string, string | Uint8Array>>): Chosen {
  const handedIn = Object.entries(files).map(([path, content]): HandedIn => ({
    path,
    bytes: typeof content === "string" ? bytesOf(content) : content,
  }));
  return chooseNotebooks(handedIn, [FIXTURE])[0]!;
}

Deno.test("a notebook is found by its name, however it was changed on the way", () => {
  const names = [
    ...[
      "09_numbers.ipynb",
      "09_numbers (2).ipynb",
      "09_numbers-Copy1.ipynb",
      "anna 09-Numbers.IPYNB",
    ],
    ...["week 3/homework/09_numbers.ipynb", "Copy of 09 numbers final.ipynb"],
  ];
  for (const name of names) {
    const { file, notes, problem } = choose({ [name]: fixtureText(), "other.ipynb": "{}" });
    assertEquals({ file, notes, problem }, { file: name, notes: [], problem: undefined });
  }
});

Deno.test("a notebook of another name is found by its exercises", () => {
  const { file, notes, cells } = choose({
    "homework.ipynb": fixtureText(RIGHT),
    "notes.ipynb": "x",
  });
  assertEquals(file, "homework.ipynb");
  assertEquals(notes, ["It is called homework.ipynb: found by the exercises in it."]);
  assertEquals(cells.map(({ code }) => code), [RIGHT["9.1"], RIGHT["9.2"]]);
});

Deno.test("of several notebooks the one with most answers counts", () => {
  const { file, notes } = choose({
    "09_numbers.ipynb": fixtureText(),
    "backup/09_numbers.ipynb": fixtureText(RIGHT),
    "09_numbers-Copy1.ipynb": "broken",
  });
  assertEquals(file, "backup/09_numbers.ipynb");
  assertMatch(notes.join(), /3 such notebooks: backup\/09_numbers.ipynb, the furthest, is graded/);
});

Deno.test("no notebook, or one that cannot be read, is a sentence", () => {
  const cases: [Readonly<Record<string, string | Uint8Array>>, RegExp][] = [
    [{}, /^There is no notebook 09_numbers$/],
    [{ "09_numbers.ipynb": "" }, /the file is empty/],
    [{ "09_numbers.ipynb": `{"cells": [` }, /it is not JSON/],
    [{ "09_numbers.ipynb": "[]" }, /expected an object with cells, got a list/],
    [{ "09_numbers.ipynb": new Uint8Array([0xff, 0xfe, 0x7b]) }, /not text in UTF-8/],
    [
      { "09_numbers.ipynb": `{"nbformat": 3, "worksheets": []}` },
      /format is 3, expected 4; open it in Jupyter/,
    ],
    [
      { "09_numbers.ipynb": `{"nbformat": 4, "metadata": {}, "cells": [7]}` },
      /cell 1: expected an object/,
    ],
  ];
  for (const [files, says] of cases) assertMatch(choose(files).problem ?? "", says);
});

Deno.test("notebooks of all versions of format 4 are read, as strings and as lists of lines", () => {
  for (let minor = 0; minor <= 5; minor++) {
    const notebook = fixtureNotebook(RIGHT);
    const cells = notebook.cells.map(({ source, ...cell }) => ({
      ...cell,
      source: [source].flat(),
    }));
    for (const version of [notebook, { ...notebook, cells }]) {
      const text = JSON.stringify({ ...version, nbformat_minor: minor });
      const chosen = choose({ "09_numbers.ipynb": `\ufeff${text}` });
      assertEquals(chosen.cells.map(({ code }) => code), [RIGHT["9.1"], RIGHT["9.2"]]);
    }
  }
});

Deno.test("cells are found where they were moved, and without their tags", () => {
  const notebook = fixtureNotebook(RIGHT);
  const cells = notebook.cells.map((cell) => ({ ...cell, metadata: {} })).reverse();
  const chosen = choose({ "09_numbers.ipynb": formatNotebook({ ...notebook, cells }) });
  assertEquals(chosen.cells.map(({ code }) => code), [RIGHT["9.1"], RIGHT["9.2"]]);
  assertMatch(chosen.cells[0]!.notes.join(), /No cell is tagged 9.1: cell \d defines increment/);
});

Deno.test("a notebook of another language says so once, a cell of another language where it is", () => {
  const notebook = fixtureNotebook({ "9.1": "def increment(x):\n    return x + 1" });
  const metadata = { kernelspec: { name: "python3", language: "python" } };
  const { notes, cells } = choose({
    "09_numbers.ipynb": formatNotebook({ ...notebook, metadata }),
  });
  assertEquals(notes, ["The notebook says that it is written in python."]);
  assertMatch(cells[0]!.notes.join(), /written in Python/);
  assertEquals(cells[1]!.notes, []);
});

Deno.test("a stub is recognised however its lines end", () => {
  const stub = FIXTURE.stubs.get("9.1")!;
  assertEquals(isStub(stub.replaceAll("\n", "  \r\n") + "\n", stub), true);
  assertEquals(isStub("  \n", stub), true);
  assertEquals(isStub(RIGHT["9.1"], stub), false);
});

Deno.test("no text in a cell takes long to look through", () => {
  const texts = [
    "function" + " ".repeat(500_000) + "x",
    "\n".repeat(500_000) + "x",
    "def f(" + ")".repeat(500_000),
    "def f(" + ": ".repeat(250_000) + "x",
    "let" + " \t".repeat(250_000) + "x",
    "import a as " + "b".repeat(500_000) + "-",
    "a" + " ".repeat(500_000) + "b",
  ];
  for (const text of texts) {
    const started = performance.now();
    const { cells } = choose({ "09_numbers.ipynb": fixtureText({ "9.1": text }) });
    assertEquals(cells.length, 2);
    // What grows with the square takes minutes.
    assert(performance.now() - started < 5000, text.slice(0, 20));
  }
});

Deno.test("a notebook with more text than anybody writes is not looked through", () => {
  const { problem } = choose({ "09_numbers.ipynb": fixtureText({ "9.1": "x".repeat(2e6) }) });
  assertMatch(problem!, /too long/);
});
