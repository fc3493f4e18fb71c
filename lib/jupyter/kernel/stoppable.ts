import type { AnyNode } from "acorn";
import type { Wrap } from "./syntax_tree.ts";

/**
 * Looks, at every 16th turn of a loop, whether the stop button was pressed. Another thread sets the flag, so
 * this works where nothing else gets a turn; the counter makes it cost a nanosecond.
 */
const LOOK = "if((++__turn&15)===0&&Atomics.load(__stop,0))__cell.stop();";

const LOOPS = new Set([
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "WhileStatement",
  "DoWhileStatement",
]);

/** What lets the stop button end the code of a cell, at any depth: what is awaited can be refused, loops look. */
export function stoppable(node: AnyNode, parent: AnyNode | undefined): Wrap[] {
  if (node.type === "AwaitExpression") return [called("wait", node.argument, node)];
  const each = node.type === "ForOfStatement" && node.await
    ? [called("each", node.right, node)]
    : [];
  const body = parent?.type === "LabeledStatement" ? undefined : bodyOfLoop(node);
  return body ? [...each, { node, before: "{let __turn=0;", after: "}" }, looking(body)] : each;
}

/** The body of a loop, which may have labels: they must stay directly before it. */
function bodyOfLoop(node: AnyNode): AnyNode | undefined {
  if (node.type === "LabeledStatement") return bodyOfLoop(node.body);
  return LOOPS.has(node.type) ? (node as AnyNode & { body: AnyNode }).body : undefined;
}

/** `value` as `__cell.name(value, line, column)`. */
function called(name: "wait" | "each", value: AnyNode, { loc }: AnyNode): Wrap {
  const { line, column } = loc!.start;
  return { node: value, before: `__cell.${name}(`, after: `, ${line}, ${column + 1})` };
}

function looking(body: AnyNode): Wrap {
  return body.type === "BlockStatement"
    ? { node: body, inside: LOOK }
    : { node: body, before: `{${LOOK}`, after: "}" };
}
