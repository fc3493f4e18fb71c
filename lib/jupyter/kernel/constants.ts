import type { AnyNode, Program } from "acorn";
import { boundNames, visit } from "./syntax_tree.ts";

/** A change of a constant that a cell would make; line and column from 1. */
export interface BrokenConstant {
  name: string;
  line: number;
  column: number;
}

/**
 * The first assignment in a cell to one of these constants. A name that the cell also uses for something of its
 * own, as a parameter or inside a function, is left to V8.
 */
export function findBrokenConstant(
  program: Program,
  constants: ReadonlySet<string>,
): BrokenConstant | undefined {
  if (constants.size === 0) return undefined;
  const assigned: AnyNode[] = [], inner = new Set<string>();
  visit(program, (node) => {
    for (const name of innerNames(node, program)) inner.add(name);
    assigned.push(...assignedTo(node));
  });
  for (const target of assigned) {
    const name = boundNames(target).find((name) => constants.has(name) && !inner.has(name));
    if (!name) continue;
    const { line, column } = target.loc!.start;
    return { name, line, column: column + 1 };
  }
  return undefined;
}

/** What a node assigns to. */
function assignedTo(node: AnyNode): AnyNode[] {
  switch (node.type) {
    case "AssignmentExpression":
      return [node.left];
    case "UpdateExpression":
      return [node.argument];
    case "ForInStatement":
    case "ForOfStatement":
      return node.left.type === "VariableDeclaration" ? [] : [node.left];
    default:
      return [];
  }
}

/** Names that a node declares below the top of the cell. */
function innerNames(node: AnyNode, program: Program): string[] {
  const top = (statement: AnyNode) => program.body.includes(statement as Program["body"][number]);
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return [
        ...node.params.flatMap(boundNames),
        ...(node.type === "FunctionDeclaration" && node.id && !top(node) ? [node.id.name] : []),
      ];
    case "VariableDeclaration":
      return top(node) ? [] : node.declarations.flatMap(({ id }) => boundNames(id));
    case "CatchClause":
      return node.param ? boundNames(node.param) : [];
    default:
      return [];
  }
}
