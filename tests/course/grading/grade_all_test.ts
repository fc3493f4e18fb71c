import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { zipSync } from "fflate";
import { findSubmissions } from "../../../lib/course/grading/find_submissions.ts";
import { gradeAll, type GradeOptions } from "../../../lib/course/grading/grade_all.ts";
import type { SubmissionGrade } from "../../../lib/course/grading/grades.ts";
import { openStore } from "../../../lib/course/grading/store.ts";
import { bytesOf, FIXTURE, fixtureText, RIGHT, withFolder } from "./fixture.ts";

/** Grades a folder as the command does; returns the grades by learner and who was known. */
async function grade(
  folder: string,
  options: Partial<GradeOptions> & { rules?: string } = {},
): Promise<{ grades: Record<string, SubmissionGrade>; known: string[] }> {
  const { rules = "", ...rest } = options;
  const { submissions } = await findSubmissions(folder, [FIXTURE.name], `${folder}/grades`);
  const known: string[] = [];
  const grades = await gradeAll(submissions, {
    assignments: [FIXTURE],
    store: await openStore(`${folder}/grades`, rules),
    jobs: 2,
    limits: { timeLimit: 2000, memoryLimit: 256 },
    onGrade: ({ learner }, wasKnown) => wasKnown && known.push(learner),
    ...rest,
  });
  return { grades: Object.fromEntries(grades.map((grade) => [grade.learner, grade])), known };
}

/** Outcomes and first failures of a learner. */
const outcomes = ({ notebooks }: SubmissionGrade) =>
  notebooks[0]!.exercises.map(({ outcome }) => outcome);
const failures = ({ notebooks }: SubmissionGrade) =>
  notebooks[0]!.exercises.map(({ failure = "" }) => failure);

Deno.test("each learner gets a grade that says what is wrong", () => {
  const zipped = zipSync({
    "homework 3/09_numbers.ipynb": bytesOf(fixtureText(RIGHT)),
    "__MACOSX/homework 3/._09_numbers.ipynb": new Uint8Array(100),
  });
  return withFolder({
    "Good, Åsa.zip": zipped,
    "in a folder/submission.zip": zipped,
    "twice packed.zip": zipSync({ "inner.zip": zipped }),
    "partial/09_numbers.ipynb": fixtureText({ "9.1": RIGHT["9.1"] }),
    "bug/09_numbers.ipynb": fixtureText({
      "9.1": RIGHT["9.1"].replaceAll("+", "-").replace("tf.add", "tf.sub"),
      "9.2": "const twice = (x) => [x];",
    }),
    "broken/09_numbers.ipynb": `{"cells"`,
    "empty/readme.txt": "",
    "no zip.zip": "hello",
    "other archive.7z": "hello",
    "loop/09_numbers.ipynb": fixtureText({
      "9.1": "function increment() { for (;;); }",
      "9.2": RIGHT["9.2"],
    }),
    "syntax/09_numbers.ipynb": fixtureText({
      "9.1": "function increment( {",
      "9.2": "def twice(x):\n  return",
    }),
  }, async (folder) => {
    const { grades } = await grade(folder);
    for (const learner of ["Good, Åsa", "in a folder", "twice packed"]) {
      assertEquals(outcomes(grades[learner]!), ["passed", "passed"], learner);
    }
    assertEquals(outcomes(grades["partial"]!), ["passed", "not attempted"]);
    assertEquals(outcomes(grades["bug"]!), ["failed", "failed"]);
    const [first, second] = grades["bug"]!.notebooks[0]!.exercises;
    assertEquals([first!.mistake, second!.mistake], ["one less", undefined]);
    assertMatch(first!.failure!, /^of a number: .*expected 4/);
    assertEquals(first!.checksPassed, 0);
    assertMatch(grades["broken"]!.notebooks[0]!.problem!, /09_numbers.ipynb: it is not JSON/);
    assertEquals(outcomes(grades["broken"]!), ["missing", "missing"]);
    assertEquals(grades["empty"]!.problems, ["There is no notebook in it"]);
    assertMatch(grades["no zip"]!.problems.join(), /no zip.zip: it is no zip archive/);
    assertMatch(grades["other archive"]!.problems.join(), /7z: this kind of archive is not known/);
    assertEquals(outcomes(grades["loop"]!), ["failed", "passed"]);
    assertEquals(grades["loop"]!.notebooks[0]!.exercises[0]!.stopped, "time");
    assertMatch(failures(grades["loop"]!)[0]!, /took longer than 2 seconds/);
    assertMatch(failures(grades["syntax"]!)[0]!, /^the cell has a syntax error/);
    assertMatch(grades["syntax"]!.notebooks[0]!.exercises[1]!.notes.join(), /Python/);
    assertEquals(grades["partial"]!.passed, 1);
    assertEquals(grades["partial"]!.total, 2);
  });
});

Deno.test("a second run takes what is known, and grades what changed", () =>
  withFolder({
    "anna/09_numbers.ipynb": fixtureText(RIGHT),
    "bob/09_numbers.ipynb": fixtureText(),
  }, async (folder) => {
    const first = await grade(folder);
    assertEquals(first.known, []);
    const second = await grade(folder);
    assertEquals(second.known.sort(), ["anna", "bob"]);
    assertEquals(second.grades, first.grades);
    await Deno.writeTextFile(`${folder}/bob/09_numbers.ipynb`, fixtureText(RIGHT));
    const third = await grade(folder);
    assertEquals(third.known, ["anna"]);
    assertEquals(third.grades["bob"]!.passed, 2);
    // With another time limit, or other checks, nothing is known.
    assertEquals((await grade(folder, { rules: "other" })).known, []);
  }));

Deno.test("a kept grade that was damaged is made anew", () =>
  withFolder({ "anna/09_numbers.ipynb": fixtureText(RIGHT) }, async (folder) => {
    const { grades } = await grade(folder);
    for await (const { name } of Deno.readDir(`${folder}/grades`)) {
      await Deno.writeTextFile(`${folder}/grades/${name}`, `{"fingerprint": "`);
    }
    const again = await grade(folder);
    assertEquals(again.known, []);
    assertEquals(again.grades["anna"]!.passed, grades["anna"]!.passed);
  }));

Deno.test("learners whose names look alike in a file's name keep their own grades", () =>
  withFolder({
    "a b/09_numbers.ipynb": fixtureText(RIGHT),
    "a-b/09_numbers.ipynb": fixtureText(),
  }, async (folder) => {
    await grade(folder);
    const { grades, known } = await grade(folder);
    assertEquals(known.length, 2);
    assertEquals([grades["a b"]!.passed, grades["a-b"]!.passed], [2, 0]);
  }));

Deno.test("a run that is ended keeps what was graded", () =>
  withFolder(
    Object.fromEntries(["a", "b", "c", "d"].map((name) => [
      `${name}/09_numbers.ipynb`,
      fixtureText({ "9.2": `${RIGHT["9.2"]} // ${name}` }),
    ])),
    async (folder) => {
      const stop = new AbortController();
      const run = grade(folder, {
        jobs: 1,
        signal: stop.signal,
        onGrade: ({ learner }) => learner === "b" && stop.abort(new Error("ended")),
      });
      await assertRejects(() => run, "ended");
      assertEquals((await grade(folder)).known.sort(), ["a", "b"]);
    },
  ));

Deno.test("the same answer of many learners is run once", () =>
  withFolder(
    Object.fromEntries(Array.from({ length: 30 }, (_, i) => [
      `learner ${i}/09_numbers.ipynb`,
      fixtureText({ "9.1": "function increment() { for (;;); }" }),
    ])),
    async (folder) => {
      const started = performance.now();
      const { grades } = await grade(folder);
      assert(performance.now() - started < 30 * 2000, "each was waited for");
      assert(Object.values(grades).every((grade) => outcomes(grade)[0] === "failed"));
    },
  ));

Deno.test("texts that learners choose are harmless wherever they are shown", () =>
  withFolder({
    "anna/09_numbers.ipynb": fixtureText({
      "9.1": `function increment() { throw new Error("\\x1b[2J\\u202e" + "x".repeat(5000)); }`,
    }),
  }, async (folder) => {
    const [failure] = failures((await grade(folder)).grades["anna"]!);
    assert(!/[^\P{Cc}\n]|\u202e/u.test(failure!));
    assert(failure!.length <= 1000);
  }));
