import type {
  ClassDeclaration,
  FunctionDeclaration,
  ModuleDeclaration,
  Statement,
  VariableDeclaration,
} from "acorn";
import type { Edit, Move } from "./edits.ts";
import { boundNames, type Wrap } from "./syntax_tree.ts";

/** What earlier cells have declared. */
export interface Declared {
  names: Set<string>;
  /** Those that are constants, and the number of the cell that declared them. */
  constants: Map<string, number>;
}

/** Names that a statement at the top of a cell declares. */
export interface Declaration {
  names: string[];
  constant: boolean;
}

/** How a cell is changed so that what it declares outlives it and can be declared again. */
export interface Declaring {
  edits: Edit[];
  wraps: Wrap[];
  moves: Move[];
}

export function nothingDeclared(): Declared {
  return { names: new Set(), constants: new Map() };
}

/** Remembers what a cell has declared. */
export function declare(
  { names: known, constants }: Declared,
  declarations: readonly Declaration[],
  number: number,
): void {
  for (const { names, constant } of declarations) {
    for (const name of names) {
      known.add(name);
      if (constant) constants.set(name, number);
      else constants.delete(name);
    }
  }
}

/** What a statement at the top of a cell declares, if it declares something. */
export function declarationOf(statement: Statement | ModuleDeclaration): Declaration | undefined {
  if (statement.type === "ImportDeclaration") {
    return { names: statement.specifiers.map(({ local }) => local.name), constant: false };
  }
  const declared = declaredBy(statement);
  if (!declared) return undefined;
  if (declared.type !== "VariableDeclaration") {
    return { names: [declared.id.name], constant: false };
  }
  const names = declared.declarations.flatMap(({ id }) => boundNames(id));
  return { names, constant: declared.kind === "const" };
}

/**
 * Turns a declaration into an assignment to a variable that is declared once for all cells: `let { a } = x, b`
 * becomes `({ a } = x), b = undefined`, a class or function `name = class …`. Functions go to the beginning,
 * since they can be called before the place where they stand.
 */
export function declaring(statement: Statement | ModuleDeclaration): Declaring {
  const declared = declaredBy(statement), nothing = { edits: [], wraps: [], moves: [] };
  switch (declared?.type) {
    case "VariableDeclaration":
      return { ...nothing, ...assignments(declared) };
    case "ClassDeclaration": {
      const { name } = declared.id;
      return { ...nothing, wraps: [{ node: declared, before: `;${name} = `, after: ";" }] };
    }
    case "FunctionDeclaration": {
      // Without its own name it takes that of the variable, and calls itself by the variable.
      const { id: { name, start, end } } = declared;
      const move = { start: declared.start, end: declared.end, before: `${name} = `, after: "; " };
      return { ...nothing, edits: [{ at: start, to: end, insert: "" }], moves: [move] };
    }
    default:
      return nothing;
  }
}

type Declares = VariableDeclaration | FunctionDeclaration | ClassDeclaration;

function declaredBy(statement: Statement | ModuleDeclaration): Declares | undefined {
  switch (statement.type) {
    case "VariableDeclaration":
      // What `using` declares ends with the cell.
      return ["var", "let", "const"].includes(statement.kind) ? statement : undefined;
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return statement;
    case "ExportNamedDeclaration":
      return statement.declaration ? declaredBy(statement.declaration) : undefined;
    case "ExportDefaultDeclaration": {
      const { declaration } = statement;
      const named = declaration.type === "FunctionDeclaration" ||
        declaration.type === "ClassDeclaration";
      return named && declaration.id ? declaration as Declares : undefined;
    }
    default:
      return undefined;
  }
}

function assignments(statement: VariableDeclaration): { edits: Edit[]; wraps: Wrap[] } {
  const at = statement.start, to = at + statement.kind.length;
  const wraps = statement.declarations.map((node): Wrap => {
    // `var a;` says nothing about a value.
    if (!node.init) return statement.kind === "var" ? { node } : { node, after: " = undefined" };
    return node.id.type === "ObjectPattern" ? { node, before: "(", after: ")" } : { node };
  });
  return { edits: [{ at, to, insert: ";" }], wraps };
}
