import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { findLesson, type Lesson } from "./lessons.ts";

/** One exercise of a solution file, as text. */
export interface Solution {
  id: string;
  /** The function's name. */
  name: string;
  /** What the learner gets: documentation, signature, given lines and `todo("1.2")`. */
  stub: string;
  /** The whole function with its documentation, without `export`. */
  code: string;
}

/** Folder of the reference answers. */
export const SOLUTIONS = fileURLToPath(new URL("../../solutions", import.meta.url));

/** Reads the reference answers of a lesson, by exercise id. */
export async function readSolutions(lesson: Pick<Lesson, "name">): Promise<Map<string, Solution>> {
  const path = `${SOLUTIONS}/${lesson.name}.ts`;
  return parseSolutions(await Deno.readTextFile(path), `solutions/${lesson.name}.ts`);
}

/** The reference answer to an exercise, as text. */
export async function solutionOf(id: string): Promise<string | undefined> {
  const solutions = await readSolutions(findLesson(id.split(".")[0]!));
  return solutions.get(id)?.code;
}

/**
 * Takes a solution file apart: each exercise begins with a line `// exercise 1.2`, followed by the documentation
 * and the exported function. Lines of its body between `// given` and `// end given` stay in the stub.
 * Throws a SyntaxError that names the file and the exercise.
 */
export function parseSolutions(text: string, path: string): Map<string, Solution> {
  const solutions = new Map<string, Solution>();
  const parts = text.split(/^\/\/ exercise (\S+)[ \t]*\n/m);
  for (let i = 1; i < parts.length; i += 2) {
    const id = parts[i]!;
    if (solutions.has(id)) throw new SyntaxError(`${path} has exercise ${id} twice`);
    solutions.set(id, parseSolution(id, parts[i + 1]!.trim(), path));
  }
  return solutions;
}

function parseSolution(id: string, block: string, path: string): Solution {
  const [, doc, name] = /^(\/\*\*.*?\*\/\n)export function (\w+)/s.exec(block) ?? [];
  if (!doc || !name) {
    throw new SyntaxError(
      `Exercise ${id} of ${path} should be documentation (/** … */) and one "export function"`,
    );
  }
  const code = block.slice(doc.length).replace(/^export /, "");
  const body = startOfBody(code);
  if (body === undefined || !code.endsWith("\n}")) {
    throw new SyntaxError(
      `Exercise ${id} of ${path} should end with the function's last line, "}"`,
    );
  }
  const head = code.slice(0, body + 1);
  const lines = [...givenLines(code.slice(body + 1, -1)), `  return todo("${id}");`];
  return {
    id,
    name,
    stub: `${doc}${head}\n${lines.join("\n")}\n}`,
    code: doc + withoutMarks(code),
  };
}

/** Name, parameters and result of the function in a text, in one line. */
export function signatureOf(code: string): string | undefined {
  const start = code.search(/^function /m),
    body = start < 0 ? undefined : startOfBody(code.slice(start));
  return body === undefined
    ? undefined
    : code.slice(start, start + body).replaceAll(/\s+/g, " ").trim();
}

/** Where the brace is that opens the body of the function that the text begins with. */
function startOfBody(code: string): number | undefined {
  // Without types, which keep their places as blanks, the first bracket holds the parameters and a brace follows.
  const plain = stripTypeScriptTypes(code);
  let depth = 0;
  for (let i = plain.indexOf("("); i >= 0 && i < plain.length; i++) {
    if ("([{".includes(plain[i]!)) {
      if (depth === 0 && plain[i] === "{") return i;
      depth++;
    } else if (")]}".includes(plain[i]!)) depth--;
  }
  return undefined;
}

const GIVEN = /^\s*\/\/ given$/, END_GIVEN = /^\s*\/\/ end given$/;

function givenLines(body: string): string[] {
  const given: string[] = [];
  let inside = false;
  for (const line of body.split("\n")) {
    if (GIVEN.test(line)) inside = true;
    else if (END_GIVEN.test(line)) inside = false;
    else if (inside) given.push(line);
  }
  return given;
}

function withoutMarks(code: string): string {
  return code.split("\n").filter((line) => !GIVEN.test(line) && !END_GIVEN.test(line)).join("\n");
}
