/** Checks the types of all notebooks' cells; a part of deno task types. */
import { runCommand } from "../../arguments.ts";
import { notebookPath, readNotebook } from "../lessons/lesson_files.ts";
import { LESSONS } from "../lessons.ts";
import { checkTypes, type CodeCells } from "./check_types.ts";

await runCommand(async () => {
  const notebooks: CodeCells[] = [];
  for (const lesson of LESSONS) {
    const notebook = await readNotebook(lesson);
    if (notebook) notebooks.push({ path: notebookPath(lesson), cells: notebook.cells });
  }
  const errors = await checkTypes(notebooks);
  for (const { place, message } of errors) console.error(`${place}\n${message}\n`);
  if (errors.length > 0) throw new Error(`${errors.length} type errors in notebooks`);
  console.log(`Checked the types of ${notebooks.length} notebooks`);
});
