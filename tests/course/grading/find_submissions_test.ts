import { assertEquals, assertRejects } from "@std/assert";
import { findSubmissions } from "../../../lib/course/grading/find_submissions.ts";
import { withFolder } from "./fixture.ts";

const LESSONS = ["08_words", "09_numbers"];

/** Learners and the names of what they handed in. */
async function found(folder: string, skip?: string): Promise<Record<string, string[]>> {
  const { submissions } = await findSubmissions(folder, LESSONS, skip);
  return Object.fromEntries(submissions.map(({ learner, sources }) => [
    learner,
    sources.map((source) => source.slice(folder.length + 1)),
  ]));
}

Deno.test("folders and archives are submissions, other files are not", () =>
  withFolder({
    "Åsa Öberg/09_numbers.ipynb": "",
    "Smith, John.zip": "",
    "李伟.rar": "",
    "old.tar.gz": "",
    "list.xlsx": "",
    "__MACOSX/x": "",
    ".DS_Store": "",
    "grades/results.csv": "",
  }, async (folder) => {
    assertEquals(await found(folder, `${folder}/grades`), {
      "Åsa Öberg": ["Åsa Öberg"],
      "old": ["old.tar.gz"],
      "Smith, John": ["Smith, John.zip"],
      "李伟": ["李伟.rar"],
    });
    assertEquals((await findSubmissions(folder, LESSONS)).ignored, ["list.xlsx"]);
  }));

Deno.test("single notebooks belong to the learner who is named beside the lesson", () =>
  withFolder({
    "anna_08_words.ipynb": "",
    "09_numbers - anna.ipynb": "",
    "Copy of 08_words-bob (2).ipynb": "",
    "Homework of Carl.ipynb": "",
  }, async (folder) => {
    assertEquals(await found(folder), {
      "anna": ["09_numbers - anna.ipynb", "anna_08_words.ipynb"],
      "bob": ["Copy of 08_words-bob (2).ipynb"],
      "Homework of Carl": ["Homework of Carl.ipynb"],
    });
  }));

Deno.test("a folder of notebooks named as the lessons is one learner's", () =>
  withFolder({ "anna/08_words.ipynb": "", "anna/09_numbers.ipynb": "" }, async (folder) => {
    assertEquals(await found(`${folder}/anna`), { anna: ["08_words.ipynb", "09_numbers.ipynb"] });
  }));

Deno.test("a folder and an archive of one name are one submission", () =>
  withFolder({ "anna/a.ipynb": "", "anna.zip": "" }, async (folder) => {
    assertEquals(await found(folder), { anna: ["anna", "anna.zip"] });
  }));

Deno.test("names that would move a terminal's cursor are made harmless", () =>
  withFolder({ "a\x1b[2Jb/x": "" }, async (folder) => {
    assertEquals((await findSubmissions(folder, [])).submissions[0]!.learner, "a�[2Jb");
  }));

Deno.test("links are no submissions", () =>
  withFolder({ "anna/09_numbers.ipynb": "" }, async (folder) => {
    await Deno.symlink(`${folder}/anna`, `${folder}/eve`);
    assertEquals(await found(folder), { anna: ["anna"] });
  }));

Deno.test("a folder that is not there, or none, is said so", async () => {
  await withFolder({ "all.zip": "" }, async (folder) => {
    await assertRejects(() => findSubmissions(`${folder}/all.zip`, []), "is a file, not a folder");
  });
  await assertRejects(
    () => findSubmissions("/nowhere at all", []),
    "There is no folder /nowhere at all",
  );
});
