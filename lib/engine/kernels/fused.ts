import { addNode } from "../graph.ts";
import { apply } from "./elementwise.ts";
import type { KernelTable } from "./rule.ts";

/** Operators of ONNX Runtime that do in one pass what tfjs needs several operations for. */
export const fusedKernels: KernelTable = {
  /** GELU by the tanh formula. */
  FusedGelu: (backend, { x }) => {
    if (!backend.graph.onHost) {
      return apply(backend, "Gelu", x!, { approximate: { string: "tanh" } });
    }
    // FastGelu takes no scalars.
    const list = x!.shape.length > 0 ? x! : { ...x!, shape: [1] };
    return { ...apply(backend, "FastGelu", list, {}, "com.microsoft"), shape: x!.shape };
  },
  /** x · σ(x). */
  FusedSilu: (backend, { x }) => {
    if (backend.graph.onHost) {
      return apply(backend, "QuickGelu", x!, { alpha: { float: 1 } }, "com.microsoft");
    }
    const gate = backend.value(apply(backend, "Sigmoid", x!));
    return backend.op("Mul", [backend.value(x!), gate], x!.shape, "float32");
  },
  /** Multi-head attention without its gradient: q `[B, N, D]`, k and v `[B, M, D]` → `[B, N, D]`. */
  FusedAttention: (backend, { q, k, v }, { heads }) => {
    const inputs = [q!, k!, v!].map((tensor) => backend.value(tensor));
    const attributes = { num_heads: heads };
    return backend.op(
      "MultiHeadAttention",
      inputs,
      q!.shape,
      "float32",
      attributes,
      "com.microsoft",
    );
  },
  /** Layer normalisation over the last axis: [result, mean, 1 / standard deviation]. */
  FusedLayerNorm: (backend, { x, scale, shift }, { epsilon }) => {
    const inputs = [backend.value(x!), backend.value(scale!), backend.value(shift!)];
    const dtype = "float32" as const;
    const perRow = { shape: [...x!.shape.slice(0, -1), 1], dtype };
    const results = [{ shape: x!.shape, dtype }, perRow, perRow];
    const attributes = { axis: -1, epsilon: { float: epsilon } };
    return addNode(backend.graph, "LayerNormalization", inputs, results, attributes)
      .map((value) => backend.wrap(value));
  },
};
