import { type AnyNode, parse, type Program } from "acorn";
import type { Positions } from "../positions.ts";
import { findBrokenConstant } from "./constants.ts";
import { type Declaration, declarationOf, type Declared, declaring } from "./declarations.ts";
import { applyEdits, type Edit, type Move } from "./edits.ts";
import { moduleEdits } from "./module_edits.ts";
import { stoppable } from "./stoppable.ts";
import { stripTypes } from "./strip_types.ts";
import { visit, type Wrap, wrapEdits } from "./syntax_tree.ts";

/** Code of a cell, ready to be run. */
export interface PreparedCell {
  /** Names that must be declared before it runs. */
  fresh: string[];
  /**
   * A script whose value is a promise: of a list that holds the cell's result, if its last statement is an
   * expression, else of nothing.
   */
  code: string;
  positions: Positions;
  /** What it declares for later cells. */
  declarations: Declaration[];
}

/** The function around the code. Only after an `await` can an endless loop be ended without harm to the process. */
const BEGIN = `(async () => {"use strict"; await 0; `, END = "\n})()";

/**
 * Turns the TypeScript of a cell into a script: types removed, declarations as assignments to variables of all
 * cells, imports as dynamic imports that check their names, every `await` and loop such that the stop button
 * ends it. Throws a SyntaxError for code that cannot be read, with its place at the end of the message.
 */
export function prepareCell(source: string, declared: Declared): PreparedCell {
  const { code, lines, program } = readCell(source);
  const declarations = program.body.map(declarationOf).filter((found) => found !== undefined);
  guardConstants(program, declarations, declared);
  guardModules(program);
  const edits: Edit[] = [], moves: Move[] = [], wraps = new Map<AnyNode, Wrap[]>();
  const wrap = (wrap: Wrap) => wraps.set(wrap.node, [...wraps.get(wrap.node) ?? [], wrap]);
  for (const statement of program.body) {
    const declares = declaring(statement);
    edits.push(...moduleEdits(statement, code), ...declares.edits);
    moves.push(...declares.moves);
    declares.wraps.forEach(wrap);
  }
  const last = program.body.at(-1);
  // In a list, since a promise would be awaited.
  if (last?.type === "ExpressionStatement") {
    wrap({ node: last.expression, before: "return [(", after: ")]" });
  }
  const rule = (node: AnyNode, parent?: AnyNode) => [
    ...wraps.get(node) ?? [],
    ...stoppable(node, parent),
  ];
  edits.push(...wrapEdits(program, rule));
  const { text, pieces } = applyEdits(code, edits, { begin: BEGIN, moves, end: END });
  const names = new Set(declarations.flatMap(({ names }) => names));
  return {
    fresh: [...names.difference(declared.names)],
    code: text,
    positions: { pieces, ...(lines ? { lines } : {}) },
    declarations,
  };
}

/** Throws if the cell changes a constant, of its own or of an earlier cell. */
function guardConstants(
  program: Program,
  declarations: readonly Declaration[],
  { constants }: Declared,
): void {
  const names = new Set(constants.keys());
  for (const declaration of declarations) {
    for (const name of declaration.names) {
      if (declaration.constant) names.add(name);
      else names.delete(name);
    }
  }
  const broken = findBrokenConstant(program, names);
  if (!broken) return;
  const cell = constants.get(broken.name);
  const where = cell === undefined ? "" : ` in cell ${cell}`;
  throw new SyntaxError(
    `"${broken.name}" is a constant, declared with const${where}: declare it with let to change it ` +
      `(${broken.line}:${broken.column - 1})`,
  );
}

/** Throws for what only modules have. */
function guardModules(program: Program): void {
  visit(program, (node) => {
    if (node.type !== "MetaProperty" || node.meta.name !== "import") return;
    const { line, column } = node.loc!.start;
    throw new SyntaxError(
      `A cell is not a module: import.meta is not there. Paths start from Deno.cwd() (${line}:${column})`,
    );
  });
}

interface Code {
  code: string;
  lines?: number[];
  program: Program;
}

/** The cell as JavaScript, and its syntax tree. */
function readCell(source: string): Code {
  // At the start of a cell `{ a: 1 }` is meant as an object, not as a block.
  if (/^\s*\{[^]*\}\s*$/.test(source)) {
    try {
      return readCode(`(${source})`);
    } catch { /* a block after all */ }
  }
  return readCode(source);
}

function readCode(source: string): Code {
  const stripped = stripTypes(source);
  return { ...stripped, program: parseJavaScript(stripped.code) };
}

function parseJavaScript(code: string): Program {
  return parse(code, {
    ecmaVersion: "latest",
    sourceType: "module",
    allowAwaitOutsideFunction: true,
    preserveParens: true,
    locations: true,
  });
}
