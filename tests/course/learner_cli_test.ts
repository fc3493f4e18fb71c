import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "node:path";
import { runLearner } from "../../lib/course/learner_cli.ts";
import { fillIn } from "../../lib/course/lessons/fill_in.ts";
import { buildLesson } from "../../lib/course/lessons/lesson_files.ts";
import { findLesson } from "../../lib/course/lessons.ts";
import { watchNotebooks } from "../../lib/course/notebooks/watch.ts";
import { readSolutions } from "../../lib/course/solutions.ts";
import { type Cell, formatNotebook } from "../../lib/jupyter/mod.ts";

const lesson = findLesson("1");
const solutions = await readSolutions(lesson);
const notebook = await buildLesson(lesson);
const right = solutions.get("1.1")!.code;
const flipped = solutions.get("1.2")!.code.replace("tf.sub(x1, x0)", "tf.sub(x0, x1)");

/** A learner's folder with these answers in notebook 01. */
async function folderWith(answers: Record<string, string>): Promise<string> {
  const folder = await Deno.makeTempDir();
  await save(folder, answers);
  return folder;
}

async function save(folder: string, answers: Record<string, string>): Promise<void> {
  const cells = notebook.cells.map((cell): Cell => {
    const id = cell.metadata.tags?.find((tag) => Object.hasOwn(answers, tag));
    return id ? { ...cell, source: answers[id]! } : cell;
  });
  await Deno.writeTextFile(fileIn(folder), formatNotebook({ ...notebook, cells }));
}

/** Puts a lesson's notebook with all its answers into the folder. */
async function solve(folder: string, number: string): Promise<void> {
  const lesson = findLesson(number);
  const solved = fillIn(await buildLesson(lesson), await readSolutions(lesson));
  await Deno.writeTextFile(join(folder, `${lesson.name}.ipynb`), formatNotebook(solved));
}

const fileIn = (folder: string) => join(folder, `${lesson.name}.ipynb`);

async function output(folder: string, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  await runLearner([...args, "--folder", folder], (line) => lines.push(line))
    .catch((error) => lines.push(`failed: ${error.message}`));
  return lines.join("\n");
}

Deno.test("progress tells what is done, what fails, what is not attempted and what comes next", async () => {
  const folder = await folderWith({ "1.1": right, "1.2": flipped });
  assertStringIncludes(await output(folder, "progress"), "Next: exercise 0.1");
  await solve(folder, "0");
  const text = await output(folder, "progress");
  assertMatch(text, /01_flow_matching: 1 of \d exercises done/);
  assertMatch(
    text,
    /✓ 1\.1 .*5 of 5 checks passed\n {2}✗ 1\.2 .*0 of 5 checks passed\n {2}· 1\.3 .*not attempted/,
  );
  assertStringIncludes(text, `! ${join(folder, "02_diffusion_transformer.ipynb")} is missing`);
  assertStringIncludes(text, "Next: exercise 1.2");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("check shows the report of what was attempted, and fails if anything is wrong", async () => {
  const folder = await folderWith({ "1.1": right, "1.2": flipped });
  const text = await output(folder, "check");
  assertStringIncludes(text, "Likely: The sign of the velocity looks flipped");
  assertStringIncludes(text, "failed: 1 of 2 attempted exercises fail");
  assertEquals(text.includes("1.3"), false);
  assertEquals((await output(folder, "check", "1.1")).includes("failed"), false);
  assertStringIncludes(await output(folder, "check", "1.3"), "not attempted yet");
  assertStringIncludes(await output(folder, "check", "9.1"), "failed: There is no exercise");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a notebook that cannot be read is told in a sentence, and the others go on", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(fileIn(folder), '{"cells": [');
  assertMatch(await output(folder, "progress"), /! Cannot read the notebook .*: it is not JSON/);
  assertMatch(
    await output(folder, "reset", "1.1"),
    /failed: Cannot read .*deno task lesson build 01/s,
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("hints come one at a time, the solution last, and nothing is remembered", async () => {
  const first = await output("nowhere", "hint", "1.2"),
    all = await output("nowhere", "hint", "1.2", "--all");
  assertMatch(first, /^1\.2 .*\nHint 1 of 2: .*\nFor the next hint: deno task hint 1\.2 2$/);
  assertEquals(await output("nowhere", "hint", "1.2"), first);
  assertStringIncludes(await output("nowhere", "hint", "1.2", "3"), "tf.sub(x1, x0)");
  assertMatch(all, /Hint 1 of 2.*Hint 2 of 2.*tf\.sub\(x1, x0\)/s);
  assertStringIncludes(
    await output("nowhere", "hint", "1.2", "4"),
    "failed: Exercise 1.2 has hints",
  );
});

Deno.test("reset brings one empty exercise back, shows what it took out, and keeps all other bytes", async () => {
  const folder = await folderWith({ "1.1": right, "1.2": flipped });
  assertStringIncludes(await output(folder, "reset", "1.2"), "tf.sub(x0, x1)");
  const after = await Deno.readTextFile(fileIn(folder));
  await save(folder, { "1.1": right });
  assertEquals(after, await Deno.readTextFile(fileIn(folder)));
  assertStringIncludes(await output(folder, "reset", "1.2"), "Nothing to do");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a whole lesson is reset when it is said to be meant", async () => {
  const folder = await folderWith({ "1.1": right, "1.2": flipped });
  await output(folder, "reset", "1", "--yes");
  assertEquals(await Deno.readTextFile(fileIn(folder)), formatNotebook(notebook));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("an exercise whose cell was deleted comes back as text to paste", async () => {
  const folder = await Deno.makeTempDir();
  const cells = notebook.cells.filter(({ metadata }) => !metadata.tags?.includes("1.2"));
  await Deno.writeTextFile(fileIn(folder), formatNotebook({ ...notebook, cells }));
  const text = await output(folder, "reset", "1.2");
  assertMatch(text, /has no cell for exercise 1\.2.*return todo\("1\.2"\)/s);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("watching tells which answers a save changed, also through a broken moment", async () => {
  const folder = await folderWith({ "1.1": right });
  const stop = new AbortController(), seen: string[][] = [];
  const changes = watchNotebooks(folder, stop.signal);
  const watching = (async () => {
    for await (const { notebook, answers } of changes) {
      seen.push(notebook.problem ? ["problem"] : answers.map(({ exercise }) => exercise.id));
    }
  })();
  const until = async (count: number) => {
    for (let i = 0; seen.length < count && i < 200; i++) await delay(50);
  };
  await delay(300);
  await save(folder, { "1.1": right, "1.2": flipped });
  await until(1);
  await Deno.writeTextFile(fileIn(folder), "{");
  await until(2);
  await save(folder, { "1.1": "function interpolate() {}", "1.2": flipped });
  await until(3);
  stop.abort();
  await watching;
  assertEquals(seen, [["1.2"], ["problem"], ["1.1"]]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("what cannot be meant is answered with what can", async () => {
  assertStringIncludes(await output("nowhere", "progres"), "deno task progress");
  assertStringIncludes(await output("nowhere", "reset"), "failed: Name an exercise or a lesson");
  await assertRejects(() => runLearner(["check", "--foldr", "x"]), "did you mean --folder?");
  assert((await output("nowhere", "hint")).includes("failed: Name an exercise"));
});

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
