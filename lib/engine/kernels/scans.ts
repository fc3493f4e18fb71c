import * as tf from "@tensorflow/tfjs-core";
import type { DType } from "../../tensors.ts";
import type { GraphValue } from "../graph.ts";
import { addInitializer, addInt64List, addNode } from "../graph.ts";
import type { TraceBackend } from "../trace_backend.ts";
import type { KernelTable } from "./rule.ts";
import { castTo, padded, reversed } from "./values.ts";

/** Running sums and products, and the largest elements in order. */
export const scanKernels: KernelTable = {
  Cumsum: (backend, { x }, { axis, exclusive, reverse }) => {
    const along = addInitializer(backend.graph, [], "int64", BigInt64Array.of(BigInt(axis)));
    const attributes = { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
    const inputs = [backend.value(x!), along];
    return backend.op("CumSum", inputs, x!.shape, x!.dtype as DType, attributes);
  },
  Cumprod: (backend, { x }, { axis, exclusive, reverse }) => {
    const [along] = tf.util.parseAxisParam(axis, x!.shape);
    const turn = (value: GraphValue) => reverse ? reversed(backend, value, [along!]) : value;
    return backend.wrap(turn(runningProduct(backend, turn(backend.value(x!)), along!, exclusive)));
  },
  TopK: (backend, { x }, { k }) => {
    const shape = [...x!.shape.slice(0, -1), k];
    const inputs = [backend.value(x!), addInt64List(backend.graph, [k])];
    const results = [{ shape, dtype: x!.dtype as DType }, { shape, dtype: "int64" as const }];
    const attributes = { axis: -1, largest: 1, sorted: 1 };
    const [values, indices] = addNode(backend.graph, "TopK", inputs, results, attributes);
    return [backend.wrap(values!), backend.wrap(castTo(backend, indices!, "int32"))];
  },
};

/** ONNX has no running product: factors 1, 2, 4, … places back are taken in, which needs log₂ n steps. */
function runningProduct(
  backend: TraceBackend,
  value: GraphValue,
  axis: number,
  exclusive: boolean,
): GraphValue {
  const size = value.shape[axis]!;
  const later = (value: GraphValue, places: number) => {
    const around = value.shape.map((_, i): [number, number] =>
      i === axis ? [places, -places] : [0, 0]
    );
    return padded(backend, value, around, 1);
  };
  let result = exclusive ? later(value, 1) : value;
  for (let places = 1; places < size; places *= 2) {
    const inputs = [result, later(result, places)];
    result = addNode(backend.graph, "Mul", inputs, [{
      shape: value.shape,
      dtype: value.dtype,
    }])[0]!;
  }
  return result;
}
