import onnxProto from "onnx-proto";
import type { Attribute, Graph, GraphDType, GraphNode, GraphValue, Initializer } from "./graph.ts";

const { onnx } = onnxProto;

/** ONNX operator set the graphs are written for, and the version of the file format that goes with it. */
const OPSET = 21;
const IR_VERSION = 10;

/** ONNX's numbers for element types. */
export const ELEMENT_TYPE: Record<GraphDType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };

const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, graph: 5, ints: 7 };

/** Encodes a graph as the bytes of an `.onnx` file. */
export function encodeModel(graph: Graph): Uint8Array<ArrayBuffer> {
  const domains = new Set(graph.nodes.map((node) => node.domain).filter((domain) => domain));
  const bytes = onnx.ModelProto.encode({
    irVersion: IR_VERSION,
    producerName: "course-engine",
    opsetImport: [
      { domain: "", version: OPSET },
      ...[...domains].map((domain) => ({ domain, version: 1 })),
    ],
    graph: graphProto(graph),
  }).finish();
  return bytes as Uint8Array<ArrayBuffer>;
}

function graphProto(graph: Graph) {
  return {
    name: "graph",
    node: graph.nodes.map(nodeProto),
    initializer: [...graph.initializers.values()].map(tensorProto),
    input: graph.inputs.map(valueProto),
    output: graph.outputs.map(valueProto),
  };
}

function nodeProto(node: GraphNode) {
  return {
    opType: node.op,
    domain: node.domain,
    name: node.outputs[0]!,
    input: node.inputs,
    output: node.outputs,
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(name, value)),
  };
}

function attributeProto(name: string, value: Attribute): onnxProto.onnx.IAttributeProto {
  if (typeof value === "number") return { name, type: ATTRIBUTE_TYPE.int, i: value };
  if ("float" in value) return { name, type: ATTRIBUTE_TYPE.float, f: value.float };
  if ("string" in value) {
    return { name, type: ATTRIBUTE_TYPE.string, s: new TextEncoder().encode(value.string) };
  }
  if ("graph" in value) return { name, type: ATTRIBUTE_TYPE.graph, g: graphProto(value.graph) };
  return { name, type: ATTRIBUTE_TYPE.ints, ints: [...value] };
}

function valueProto(value: GraphValue) {
  return {
    name: value.name,
    type: {
      tensorType: {
        elemType: ELEMENT_TYPE[value.dtype],
        shape: { dim: value.shape.map((dimValue) => ({ dimValue })) },
      },
    },
  };
}

function tensorProto(value: Initializer) {
  const { buffer, byteOffset, byteLength } = value.data;
  return {
    name: value.name,
    dims: [...value.shape],
    dataType: ELEMENT_TYPE[value.dtype],
    rawData: new Uint8Array(buffer, byteOffset, byteLength),
  };
}
