import type { Graph, GraphValue } from "@course/engine/graph.ts";
import {
  addInitializer,
  addInput,
  addInt64List,
  addNode,
  addScalar,
  createGraph,
  prune,
  setOutputs,
} from "@course/engine/graph.ts";
import { assertEquals } from "@std/assert";

const vector = { shape: [3], dtype: "float32" as const };

function graphWithInput(): { graph: Graph; x: GraphValue } {
  const graph = createGraph();
  return { graph, x: addInput(graph, { name: "x", ...vector }) };
}

const unary = (graph: Graph, op: string, x: GraphValue) => addNode(graph, op, [x], [vector])[0]!;

Deno.test("`addNode()` records the same call once", () => {
  const { graph, x } = graphWithInput();
  const a = addNode(graph, "Softmax", [x], [vector], { axis: 0 });
  assertEquals(addNode(graph, "Softmax", [x], [vector], { axis: 0 }), a);
  assertEquals(graph.nodes.length, 1);
});

Deno.test("`addNode()` tells calls apart by operator, inputs, attributes and domain", () => {
  const { graph, x } = graphWithInput();
  const y = unary(graph, "Exp", x);
  unary(graph, "Log", x);
  unary(graph, "Exp", y);
  addNode(graph, "Softmax", [x], [vector], { axis: 0 });
  addNode(graph, "Softmax", [x], [vector], { axis: -1 });
  addNode(graph, "Exp", [x], [vector], {}, "com.microsoft");
  assertEquals(graph.nodes.length, 6);
});

Deno.test("`addInitializer()` keeps one of each small constant and never mixes types or shapes", () => {
  const { graph } = graphWithInput();
  assertEquals(addScalar(graph, 1), addScalar(graph, 1));
  assertEquals(addInt64List(graph, [1, 2]), addInt64List(graph, [1, 2]));
  addScalar(graph, 1, "int32");
  addScalar(graph, 2);
  addInitializer(graph, [1], "float32", Float32Array.of(1));
  assertEquals(graph.initializers.size, 5);
});

Deno.test("`setOutputs()` renames what produced a result, wherever it is used", () => {
  const { graph, x } = graphWithInput();
  const y = unary(graph, "Exp", x);
  const z = unary(graph, "Log", y);
  setOutputs(graph, [["y", y], ["z", z]]);
  assertEquals(graph.nodes.map(({ op, inputs, outputs }) => [op, ...inputs, ...outputs]), [
    ["Exp", "x", "y"],
    ["Log", "y", "z"],
  ]);
  assertEquals(graph.outputs.map(({ name }) => name), ["y", "z"]);
});

Deno.test("`setOutputs()` copies inputs, constants and results that are named twice", () => {
  const { graph, x } = graphWithInput();
  const y = unary(graph, "Exp", x);
  const constant = addInitializer(graph, [3], "float32", Float32Array.of(1, 2, 3));
  setOutputs(graph, [["first", y], ["second", y], ["input", x], ["constant", constant]]);
  assertEquals(graph.nodes.map(({ op, inputs, outputs }) => [op, ...inputs, ...outputs]), [
    ["Exp", "x", "first"],
    ["Identity", "first", "second"],
    ["Identity", "x", "input"],
    ["Identity", constant.name, "constant"],
  ]);
});

Deno.test("`prune()` drops operators and constants that no result needs", () => {
  const { graph, x } = graphWithInput();
  const y = unary(graph, "Exp", x);
  const unused = addNode(graph, "Add", [y, addScalar(graph, 7)], [vector])[0]!;
  unary(graph, "Log", unused);
  const z = addNode(graph, "Add", [y, addScalar(graph, 8)], [vector])[0]!;
  setOutputs(graph, [["z", z]]);
  prune(graph);
  assertEquals(graph.nodes.map(({ op }) => op), ["Exp", "Add"]);
  assertEquals([...graph.initializers.values()].map(({ data }) => data[0]), [8]);
});

Deno.test("`prune()` keeps what a nested graph takes from the graph around it", () => {
  const { graph, x } = graphWithInput();
  const outer = unary(graph, "Exp", x);
  const body = createGraph({ prefix: "body." });
  const block = addInput(body, { name: "body.x", ...vector });
  const sum = addNode(body, "Add", [block, outer], [vector])[0]!;
  setOutputs(body, [["body.sum", sum]]);
  const attributes = { body: { graph: body }, num_scan_inputs: 1 };
  const [result] = addNode(graph, "Scan", [x], [vector], attributes);
  setOutputs(graph, [["result", result!]]);
  prune(graph);
  assertEquals(graph.nodes.map(({ op }) => op), ["Exp", "Scan"]);
});
