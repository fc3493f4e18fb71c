import { stripTypeScriptTypes } from "node:module";
import { runInThisContext } from "node:vm";
import { type ImportDeclaration, parse, type Program } from "acorn";
import { todo } from "../../todo.ts";
import { SOURCE_NAME } from "../protocol.ts";

/** A learner's function. It is kept in a record, since a promise of it would call a `then` that it may have. */
export interface Defined {
  // deno-lint-ignore no-explicit-any
  fn: (...args: any[]) => unknown;
}

/** Code that cannot be run as an exercise's cell; the message says why, in a sentence. */
export class CodeError extends Error {
  override name = "CodeError";
}

/**
 * Runs the TypeScript of an exercise's cell and returns the function of that name. `tf` and `todo` are in
 * scope; `check` and `hint`, which may stand in the same cell, do nothing.
 */
export async function defineFunction(code: string, name: string, tf: object): Promise<Defined> {
  // In one line with the code's first, so that lines keep their numbers. The inner function lets the cell declare
  // names of its own, also `tf`. What is compiled in this way cannot use import().
  const run = runInThisContext(
    `(async (tf, todo, check, hint) => { "use strict"; return await (async () => { ${
      runnable(code)
    }\nreturn { fn: typeof ${name} === "undefined" ? undefined : ${name} }; })(); })`,
    { filename: SOURCE_NAME },
  );
  const nothing = () => Promise.resolve();
  const defined = await run(tf, todo, nothing, nothing);
  if (typeof defined?.fn !== "function") {
    throw new CodeError(`defines no function ${name}`);
  }
  return defined;
}

/** The code as plain JavaScript without imports and exports, in the same lines. */
export function runnable(code: string): string {
  let script = stripTypes(code), imported = "";
  const erase = (start: number, end: number) => {
    const blanks = script.slice(start, end).replace(/[^\n]/g, " ");
    script = script.slice(0, start) + blanks + script.slice(end);
  };
  for (const node of parseModule(script).body) {
    switch (node.type) {
      case "ImportDeclaration":
        imported += importedNames(node);
        erase(node.start, node.end);
        break;
      case "ExportNamedDeclaration":
      case "ExportDefaultDeclaration":
        erase(node.start, node.declaration?.start ?? node.end);
        break;
      case "ExportAllDeclaration":
        throw notImportable(String(node.source.value));
    }
  }
  return imported + script;
}

function stripTypes(code: string): string {
  try {
    return stripTypeScriptTypes(code);
  } catch (error) {
    const message = (error as Error).message.replace(/^\[\w+\] /, "");
    const [, what, line] = /^(.*?) at \S+:(\d+):\d+$/s.exec(message) ?? [];
    if (what === undefined) throw new CodeError("has a syntax error");
    throw new CodeError(`has TypeScript that cannot be run here: ${what} (line ${line})`);
  }
}

function parseModule(script: string): Program {
  try {
    return parse(script, {
      ecmaVersion: "latest",
      sourceType: "module",
      allowAwaitOutsideFunction: true,
    });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw new CodeError("is nested too deeply");
    const message = error.message.replace(/ \((\d+):\d+\)$/, " (line $1)");
    throw new CodeError(`has a syntax error: ${message}`);
  }
}

const TENSORFLOW = ["@tensorflow/tfjs-core", "@tensorflow/tfjs"];
const COURSE = "@course/course/mod.ts";
const COURSE_NAMES = ["todo", "check", "hint"];

/** Code that gives an import's names their values; throws a {@linkcode CodeError} for all but tfjs. */
function importedNames(node: ImportDeclaration): string {
  const from = String(node.source.value);
  const names = node.specifiers.map((specifier) => ({
    local: specifier.local.name,
    imported: specifier.type !== "ImportSpecifier"
      ? "*"
      : specifier.imported.type === "Identifier"
      ? specifier.imported.name
      : String(specifier.imported.value),
  }));
  if (TENSORFLOW.includes(from)) {
    return names.map(({ local, imported }) =>
      imported !== "*"
        ? `const ${local} = tf.${imported};`
        : local === "tf"
        ? ""
        : `const ${local} = tf;`
    ).join(" ");
  }
  if (
    from === COURSE &&
    names.every(({ local, imported }) => local === imported && COURSE_NAMES.includes(imported))
  ) {
    return "";
  }
  throw notImportable(from);
}

function notImportable(from: string): CodeError {
  return new CodeError(
    `imports "${from}": the cell of an exercise can use tf, its arguments and what it defines itself`,
  );
}
