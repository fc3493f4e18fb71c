import * as tf from "@tensorflow/tfjs-core";
import type { DType, HostData } from "../tensors.ts";
import { sizeOf } from "../tensors.ts";
import type { Attribute, Graph, GraphValue } from "./graph.ts";
import { addInitializer, addInt64List, addNode, addScalar } from "./graph.ts";

/** Name under which the tracing backend is registered with tfjs. */
export const TRACE_BACKEND = "trace";

/**
 * What stands behind a traced tensor: a value of the graph, constant numbers (written into the graph
 * when first used), or a smaller source that is broadcast to the tensor's shape when a kernel needs it whole.
 */
type Traced =
  | { kind: "value"; value: GraphValue }
  | { kind: "constant"; shape: readonly number[]; dtype: DType; data: HostData }
  | { kind: "broadcast"; source: GraphValue; shape: readonly number[]; dtype: DType };

/**
 * A tfjs backend whose kernels do not compute: each records an ONNX operator in the current graph.
 * There is one, because tfjs keeps one engine; a graph is set only while a function is traced.
 */
export class TraceBackend extends tf.KernelBackend {
  private readonly traced: tf.DataStorage<Traced>;
  private current: Graph | undefined;

  constructor() {
    super();
    this.traced = new tf.DataStorage<Traced>(this, tf.engine());
  }

  /** Runs a function while everything it computes is recorded in the graph. */
  record<T>(graph: Graph, run: () => T): T {
    const previous = this.current;
    this.current = graph;
    try {
      return run();
    } finally {
      this.current = previous;
    }
  }

  /** The graph being recorded. */
  get graph(): Graph {
    if (!this.current) throw new Error("Nothing is being traced: use compile() to run functions");
    return this.current;
  }

  /** The graph value of a tensor, whole: constants are written into the graph, broadcasts carried out. */
  value(tensor: tf.TensorInfo): GraphValue {
    const traced = this.traced.get(tensor.dataId);
    const value = traced.kind === "value" ? traced.value : this.materialise(tensor, traced);
    return sameShape(value.shape, tensor.shape) ? value : this.reshaped(value, tensor.shape);
  }

  /**
   * The graph value of an operand of an operator that broadcasts by itself: like {@linkcode value},
   * but a broadcast source or a single constant is taken as it is.
   */
  operand(tensor: tf.TensorInfo): GraphValue {
    const traced = this.traced.get(tensor.dataId);
    if (traced.kind === "broadcast" && sameShape(traced.shape, tensor.shape)) return traced.source;
    const constant = this.uniform(tensor);
    if (constant !== undefined) return addScalar(this.graph, constant, tensor.dtype as DType);
    return this.value(tensor);
  }

  /** The number a constant tensor holds everywhere, or undefined if it is not such a constant. */
  uniform(tensor: tf.TensorInfo): number | undefined {
    const traced = this.traced.get(tensor.dataId);
    if (traced.kind !== "constant") return undefined;
    const first = traced.data[0];
    return traced.data.every((value) => value === first) ? first : undefined;
  }

  /** The numbers of a constant tensor, or undefined if it depends on inputs. */
  constant(tensor: tf.TensorInfo): HostData | undefined {
    const traced = this.traced.get(tensor.dataId);
    return traced.kind === "constant" ? traced.data : undefined;
  }

  /** A tensor for a graph value. */
  wrap(value: GraphValue): tf.TensorInfo {
    const { shape, dtype } = value;
    if (dtype === "int64") throw new Error(`Value ${value.name} is int64, which tensors cannot be`);
    return this.register({ kind: "value", value }, shape, dtype);
  }

  /** A tensor that holds known numbers. */
  wrapConstant(shape: readonly number[], dtype: DType, data: HostData): tf.TensorInfo {
    return this.register({ kind: "constant", shape, dtype, data }, shape, dtype);
  }

  /** A tensor that repeats a smaller value; nothing is recorded until a kernel needs it whole. */
  wrapBroadcast(source: GraphValue, shape: readonly number[]): tf.TensorInfo {
    if (sameShape(source.shape, shape)) return this.wrap(source);
    const dtype = source.dtype as DType;
    return this.register({ kind: "broadcast", source, shape, dtype }, shape, dtype);
  }

  /** Records an operator with one result and wraps it as a tensor. */
  op(
    op: string,
    inputs: readonly GraphValue[],
    shape: readonly number[],
    dtype: DType,
    attributes: Record<string, Attribute> = {},
    domain = "",
  ): tf.TensorInfo {
    return this.wrap(addNode(this.graph, op, inputs, [{ shape, dtype }], attributes, domain)[0]!);
  }

  private materialise(
    tensor: tf.TensorInfo,
    traced: Exclude<Traced, { kind: "value" }>,
  ): GraphValue {
    let value: GraphValue;
    if (traced.kind === "broadcast") {
      const { source, shape, dtype } = traced;
      const target = addInt64List(this.graph, shape);
      value = addNode(this.graph, "Expand", [source, target], [{ shape, dtype }])[0]!;
      this.traced.set(tensor.dataId, { kind: "value", value });
      return value;
    }
    // Constants stay constants: a tensor made outside may be used in several graphs.
    const uniform = this.uniform(tensor);
    if (uniform === undefined || traced.data.length <= 8) {
      return addInitializer(this.graph, traced.shape, traced.dtype, traced.data);
    }
    const scalar = addScalar(this.graph, uniform, traced.dtype);
    const target = addInt64List(this.graph, traced.shape);
    const result = { shape: traced.shape, dtype: traced.dtype };
    return addNode(this.graph, "Expand", [scalar, target], [result])[0]!;
  }

  private reshaped(value: GraphValue, shape: readonly number[]): GraphValue {
    const { graph } = this;
    const source = graph.reshapedFrom.get(value.name) ?? value;
    if (sameShape(source.shape, shape)) return source;
    const inputs = [source, addInt64List(graph, shape)];
    const result = addNode(graph, "Reshape", inputs, [{ shape, dtype: value.dtype }])[0]!;
    graph.reshapedFrom.set(result.name, source);
    return result;
  }

  private register(traced: Traced, shape: readonly number[], dtype: DType): tf.TensorInfo {
    const dataId = {};
    this.traced.set(dataId, traced);
    return { dataId, shape: [...shape], dtype };
  }

  // What tfjs itself asks of a backend.

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype);
    return dataId;
  }

  override move(
    dataId: tf.DataId,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
  ): void {
    const data = hostData(values, dtype);
    this.traced.set(dataId, { kind: "constant", shape, dtype: dtype as DType, data });
  }

  override readSync(dataId: tf.DataId): tf.BackendValues {
    const traced = this.traced.get(dataId);
    if (traced.kind === "constant") return traced.data;
    throw new Error(
      "Cannot read a tensor while its function is being traced: its numbers exist only when the " +
        "compiled program runs. Return it as an output, or compute it outside of the function",
    );
  }

  override read(dataId: tf.DataId): Promise<tf.BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  /** Nothing is freed by hand: entries hang on weak references and go with their tensors. */
  override disposeData(): boolean {
    return false;
  }

  override numDataIds(): number {
    return this.traced.numDataIds();
  }

  override incRef(): void {}
  decRef(): void {}
  override refCount(): number {
    return 1;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override floatPrecision(): 16 | 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
}

/** The one tracing backend, registered with tfjs on first use. */
export function traceBackend(): TraceBackend {
  if (!tf.engine().registryFactory[TRACE_BACKEND]) {
    const backend = new TraceBackend();
    tf.registerBackend(TRACE_BACKEND, () => backend, 0);
  }
  return tf.findBackend(TRACE_BACKEND) as TraceBackend;
}

/** True when the shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function hostData(values: tf.BackendValues, dtype: tf.DataType): HostData {
  if (dtype === "float32") return Float32Array.from(values as Float32Array);
  if (dtype === "int32") return Int32Array.from(values as Int32Array);
  if (dtype === "bool") return Uint8Array.from(values as Uint8Array);
  throw new TypeError(`Cannot trace a tensor of type ${dtype}: use float32, int32 or bool`);
}

/** Number of elements of a tensor. */
export function elements(tensor: tf.TensorInfo): number {
  return sizeOf(tensor.shape);
}
