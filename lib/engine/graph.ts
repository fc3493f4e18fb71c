import type { DType, HostData } from "../tensors.ts";
import { sizeOf } from "../tensors.ts";

/** An ONNX attribute: whole numbers, lists of them, `{ float }` or `{ string }`; `{ graph }` for Scan bodies. */
export type Attribute =
  | number
  | readonly number[]
  | { float: number }
  | { string: string }
  | { graph: Graph };

/** Element types that occur inside a graph: those of tensors plus int64 for shapes and axes. */
export type GraphDType = DType | "int64";

/** A named intermediate result: what kernels pass around while a function is traced. */
export interface GraphValue {
  name: string;
  shape: readonly number[];
  dtype: GraphDType;
}

/** One operator call. */
export interface GraphNode {
  op: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
}

/** Numbers that are part of the graph itself. */
export interface Initializer extends GraphValue {
  data: HostData | BigInt64Array<ArrayBuffer>;
}

/** A growing ONNX graph: operators in the order in which they were recorded. */
export interface Graph {
  nodes: GraphNode[];
  initializers: Map<string, Initializer>;
  inputs: GraphValue[];
  outputs: GraphValue[];
  /** Operator calls seen so far, so that the same call is never recorded twice. */
  known: Map<string, GraphValue[]>;
  /** Keeps names of nested graphs apart from those around them. */
  prefix: string;
  /** Whether it runs on the processor over memory of our own. */
  onHost: boolean;
  /** Channels per block of ONNX Runtime's own image layout for convolutions; 0 where it has none. */
  channelBlock: number;
  /** Results of Reshape → what was reshaped. */
  reshapedFrom: Map<string, GraphValue>;
  /** Squares → what was squared. */
  squareOf: Map<string, GraphValue>;
  counter: number;
}

/** An empty graph. */
export function createGraph({ prefix = "", onHost = false, channelBlock = 0 } = {}): Graph {
  return {
    nodes: [],
    initializers: new Map(),
    inputs: [],
    outputs: [],
    known: new Map(),
    prefix,
    onHost,
    channelBlock,
    reshapedFrom: new Map(),
    squareOf: new Map(),
    counter: 0,
  };
}

/** Shape and type of a result to be recorded. */
export type ResultSpec = Omit<GraphValue, "name">;

/** Records an operator with several results; a call that was recorded before returns its results again. */
export function addNode(
  graph: Graph,
  op: string,
  inputs: readonly GraphValue[],
  results: readonly ResultSpec[],
  attributes: Record<string, Attribute> = {},
  domain = "",
): GraphValue[] {
  const names = inputs.map((input) => input.name);
  const nested = Object.values(attributes).some((value) =>
    typeof value === "object" && "graph" in value
  );
  const key = `${domain}:${op}(${names.join()})${
    nested ? graph.counter : JSON.stringify(attributes)
  }`;
  const seen = graph.known.get(key);
  if (seen) return seen;
  const values = results.map((result) => ({ ...result, name: freshName(graph) }));
  graph.known.set(key, values);
  const outputs = values.map((value) => value.name);
  graph.nodes.push({ op, domain, inputs: names, outputs, attributes });
  return values;
}

/** Adds constant numbers to the graph. */
export function addInitializer(
  graph: Graph,
  shape: readonly number[],
  dtype: GraphDType,
  data: Initializer["data"],
): GraphValue {
  // Small constants (axes, shapes, scalars) recur in every layer: keep one of each.
  const key = data.length <= 8 ? `${dtype}[${shape.join()}]=${data.join()}` : undefined;
  const seen = key && graph.known.get(key)?.[0];
  if (seen) return seen;
  const value = { name: freshName(graph), shape, dtype };
  graph.initializers.set(value.name, { ...value, data });
  if (key) graph.known.set(key, [value]);
  return value;
}

/** A list of whole numbers as ONNX wants shapes, axes and repeats: int64 `[length]`. */
export function addInt64List(graph: Graph, values: readonly number[]): GraphValue {
  return addInitializer(
    graph,
    [values.length],
    "int64",
    BigInt64Array.from(values, (value) => BigInt(value)),
  );
}

/** A single float32 or int32 number, shape `[]`. */
export function addScalar(graph: Graph, value: number, dtype: DType = "float32"): GraphValue {
  const data = dtype === "float32"
    ? Float32Array.of(value)
    : dtype === "int32"
    ? Int32Array.of(value)
    : Uint8Array.of(value);
  return addInitializer(graph, [], dtype, data);
}

/** Adds a named graph input. */
export function addInput(graph: Graph, value: GraphValue): GraphValue {
  graph.inputs.push(value);
  return value;
}

/**
 * Sets the named outputs. A producing operator is renamed where possible, which saves a copy;
 * inputs, constants and values that are an output already go through Identity.
 */
export function setOutputs(graph: Graph, outputs: readonly [string, GraphValue][]): void {
  const produced = new Set(graph.nodes.flatMap((node) => node.outputs));
  const renamed = new Map<string, string>();
  for (const [name, value] of outputs) {
    graph.outputs.push({ name, shape: value.shape, dtype: value.dtype });
    if (produced.has(value.name) && !renamed.has(value.name)) {
      renamed.set(value.name, name);
    } else {
      const copy = { op: "Identity", domain: "", inputs: [value.name], outputs: [name] };
      graph.nodes.push({ ...copy, attributes: {} });
    }
  }
  const rename = (name: string) => renamed.get(name) ?? name;
  for (const node of graph.nodes) {
    node.inputs = node.inputs.map(rename);
    node.outputs = node.outputs.map(rename);
  }
}

/** Drops operators and constants that no output depends on. */
export function prune(graph: Graph): void {
  const needed = new Set(graph.outputs.map((output) => output.name));
  const kept: GraphNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    kept.push(node);
    for (const name of node.inputs) needed.add(name);
    for (const name of outerNames(node)) needed.add(name);
  }
  graph.nodes = kept.reverse();
  for (const name of graph.initializers.keys()) {
    if (!needed.has(name)) graph.initializers.delete(name);
  }
}

/** Bytes of all constants: what the graph carries besides its structure. */
export function constantBytes(graph: Graph): number {
  let bytes = 0;
  for (const value of graph.initializers.values()) bytes += sizeOf(value.shape) * 4;
  return bytes;
}

function freshName(graph: Graph): string {
  // Inputs have names of the user's choice: these must not be among them.
  return `${graph.prefix}%${graph.counter++}`;
}

/** Names that a nested graph takes from the graph around it. */
function outerNames(node: GraphNode): string[] {
  return Object.values(node.attributes).flatMap((value) =>
    typeof value === "object" && "graph" in value
      ? value.graph.nodes.flatMap((inner) => inner.inputs)
      : []
  );
}
