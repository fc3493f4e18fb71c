import type { AnyNode, Program } from "acorn";
import type { Edit } from "./edits.ts";

/** Text around a node of the syntax tree, or after the first character of it. */
export interface Wrap {
  node: AnyNode;
  before?: string;
  inside?: string;
  after?: string;
}

/** The edits of all wraps that a rule asks for; a rule may wrap the node that it sees or any below it. */
export function wrapEdits(
  program: Program,
  rule: (node: AnyNode, parent: AnyNode | undefined) => Wrap[],
): Edit[] {
  const edits: Edit[] = [], wraps = new Map<AnyNode, Wrap[]>();
  const insert = (at: number, text: string | undefined) => {
    if (text) edits.push({ at, to: at, insert: text });
  };
  // In the order of the text, so that wraps that end at the same place close from the inside to the outside.
  const walk = (node: AnyNode, parent?: AnyNode) => {
    for (const wrap of rule(node, parent)) {
      wraps.set(wrap.node, [...wraps.get(wrap.node) ?? [], wrap]);
    }
    const own = wraps.get(node) ?? [];
    for (const { before } of own) insert(node.start, before);
    for (const { inside } of own) insert(node.start + 1, inside);
    for (const child of childrenOf(node)) walk(child, node);
    for (const { after } of own.toReversed()) insert(node.end, after);
  };
  walk(program);
  return edits;
}

/** Calls back for a node and everything below it. */
export function visit(node: AnyNode, onNode: (node: AnyNode) => void): void {
  onNode(node);
  for (const child of childrenOf(node)) visit(child, onNode);
}

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node).flat().filter((value) => typeof value?.type === "string");
}

/** The names that a pattern binds: `{ a, b: [c], ...d }` binds a, c and d. */
export function boundNames(pattern: AnyNode): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        boundNames(property.type === "RestElement" ? property.argument : property.value)
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => element ? boundNames(element) : []);
    case "AssignmentPattern":
      return boundNames(pattern.left);
    case "RestElement":
      return boundNames(pattern.argument);
    default:
      return [];
  }
}
