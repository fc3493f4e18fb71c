import onnxProto from "onnx-proto";
import type { Attribute, Graph, GraphDType, GraphNode, GraphValue, Initializer } from "./graph.ts";

const { onnx } = onnxProto;

/** ONNX operator set the graphs are written for, and the version of the file format that goes with it. */
const OPSET = 21;
const IR_VERSION = 10;

/** ONNX's numbers for element types. */
export const ELEMENT_TYPE: Record<GraphDType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };

const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, graph: 5, ints: 7 };

/** ONNX's number for half precision, which only stored weights have. */
const HALF = 10;
/** Tensors with fewer numbers stay as they are: there is nothing to be saved. */
const LEAST_HALVED = 64;

/** Options of {@linkcode encodeModel}. */
export interface EncodeOptions {
  /** How large float32 constants are stored: `F16` halves the file, and they are widened as it is loaded. */
  floats?: "F32" | "F16";
}

/** Encodes a graph as the bytes of an `.onnx` file. */
export function encodeModel(
  graph: Graph,
  { floats = "F32" }: EncodeOptions = {},
): Uint8Array<ArrayBuffer> {
  const domains = new Set(graph.nodes.map((node) => node.domain).filter((domain) => domain));
  const bytes = onnx.ModelProto.encode({
    irVersion: IR_VERSION,
    producerName: "course-engine",
    opsetImport: [
      { domain: "", version: OPSET },
      ...[...domains].map((domain) => ({ domain, version: 1 })),
    ],
    graph: floats === "F16" ? halved(graphProto(graph), graph) : graphProto(graph),
  }).finish();
  return bytes as Uint8Array<ArrayBuffer>;
}

/** The same graph with its large float32 constants in half precision, each followed by a Cast to float32. */
function halved(proto: onnxProto.onnx.IGraphProto, graph: Graph): onnxProto.onnx.IGraphProto {
  const large = [...graph.initializers.values()].filter(({ dtype, data }) =>
    dtype === "float32" && data.length >= LEAST_HALVED
  );
  const names = new Set(large.map(({ name }) => name));
  const stored = (name: string) => `${name}:half`;
  return {
    ...proto,
    initializer: [
      ...proto.initializer!.filter(({ name }) => !names.has(name!)),
      ...large.map(({ name, shape, data }) => ({
        name: stored(name),
        dims: [...shape],
        dataType: HALF,
        rawData: new Uint8Array(new Float16Array(data as Float32Array).buffer),
      })),
    ],
    node: [
      ...large.map(({ name }) =>
        nodeProto({
          op: "Cast",
          domain: "",
          inputs: [stored(name)],
          outputs: [name],
          attributes: { to: ELEMENT_TYPE.float32 },
        })
      ),
      ...proto.node!,
    ],
  };
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
