// The whole package brings the gradients, which tfjs-core alone lacks.
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import type { DType, HostTensor, SpecRecord, TensorRecord } from "../tensors.ts";
import type { TensorFunction } from "./device.ts";
import type { Graph, GraphValue } from "./graph.ts";
import { addInput, createGraph, prune, setOutputs } from "./graph.ts";
import { registerKernels } from "./kernels/mod.ts";
import { TRACE_BACKEND, traceBackend } from "./trace_backend.ts";

/** What a trace may use besides its inputs. */
export interface TraceOptions {
  /** Further inputs of the function whose numbers become part of the graph. */
  constants?: Record<string, HostTensor>;
  /**
   * Whether the graph runs on the processor over memory of our own. Then long element-wise work is done
   * block by block, and results need no copy only to change their shape.
   */
  onHost?: boolean;
  /** Channels per block of ONNX Runtime's own image layout; absent: convolutions use standard operators only. */
  channelBlock?: number;
}

/** A traced function. */
export interface Trace {
  graph: Graph;
  /** Shapes and types of the results; with `onHost`, the graph may give the same numbers another shape. */
  outputs: SpecRecord;
}

/**
 * Runs a function once on placeholders and returns the graph of what it computed.
 * Inputs and outputs of the graph carry the names of the records.
 */
export function trace(
  fn: TensorFunction,
  inputs: SpecRecord,
  { constants = {}, onHost = false, channelBlock = 0 }: TraceOptions = {},
): Trace {
  registerKernels();
  const backend = traceBackend();
  const graph = createGraph({ onHost, channelBlock });
  const specs: SpecRecord = {};
  const previous = tf.engine().backendName;
  setBackend(TRACE_BACKEND);
  tf.engine().startScope("trace");
  try {
    backend.record(graph, () => {
      const placeholders: TensorRecord = {};
      for (const [name, { shape, dtype }] of Object.entries(inputs)) {
        const info = backend.wrap(addInput(graph, { name, shape, dtype }));
        placeholders[name] = tf.engine().makeTensorFromTensorInfo(info);
      }
      for (const [name, { shape, dtype, data }] of Object.entries(constants)) {
        const info = backend.wrapConstant(shape, dtype, data);
        placeholders[name] = tf.engine().makeTensorFromTensorInfo(info);
      }
      const outputs = Object.entries(fn(placeholders));
      if (outputs.length === 0) throw new Error("Cannot trace a function that returns no tensors");
      for (const [name, { shape, dtype }] of outputs) {
        if (name in inputs) {
          throw new RangeError(`Cannot name a result ${name}: an input has that name already`);
        }
        specs[name] = { shape, dtype: dtype as DType };
      }
      setOutputs(
        graph,
        outputs.map(([name, tensor]) => [name, result(graph, backend.value(tensor))]),
      );
    });
  } catch (error) {
    throw explainMissingKernel(error);
  } finally {
    tf.engine().endScope();
    if (previous) setBackend(previous);
  }
  prune(graph);
  return { graph, outputs: specs };
}

/** Reshaping copies where it produces a result: hand out what was reshaped instead. */
function result(graph: Graph, value: GraphValue): GraphValue {
  return graph.onHost ? graph.reshapedFrom.get(value.name) ?? value : value;
}

/** tfjs selects a backend synchronously where its factory is synchronous, as all of ours are. */
function setBackend(name: string): void {
  tf.setBackend(name).catch(() => {});
}

/** tfjs says only that a kernel is missing; say which, and what can be done. */
function explainMissingKernel(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const kernel = /Kernel '(\w+)' not registered/.exec(error.message)?.[1];
  if (!kernel) return error;
  return new Error(
    `Cannot compile the operation ${kernel}: the engine has no kernel for it. ` +
      `Write it with other operations, or add a kernel in lib/engine/kernels (see CONTRIBUTING.md)`,
    { cause: error },
  );
}
