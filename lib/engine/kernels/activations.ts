import { addNode, addScalar } from "../graph.ts";
import type { GraphValue } from "../graph.ts";
import type { TraceBackend } from "../trace_backend.ts";
import { apply, clip, unary } from "./elementwise.ts";
import type { KernelTable } from "./rule.ts";
import { multiplied } from "./values.ts";

/** Activation functions that are more than one of the plain functions, and what their gradients need. */
export const activationKernels: KernelTable = {
  Relu: unary("Relu"),
  Relu6: (backend, { x }) => clip(backend, x!, 0, 6),
  LeakyRelu: (backend, { x }, { alpha }) =>
    apply(backend, "LeakyRelu", x!, { alpha: { float: alpha } }),
  Prelu: (backend, { x, alpha }) => {
    const value = backend.value(x!);
    const below = multiplied(backend, value, backend.operand(alpha!));
    return backend.wrap(where(backend, isAbove(backend, value, "GreaterOrEqual"), value, below));
  },
  Elu: unary("Elu"),
  // The derivative below zero is y + 1, since y = eˣ − 1.
  EluGrad: (backend, { dy, y }) => {
    const [gradient, value] = [backend.value(dy!), backend.value(y!)];
    const sum = { shape: value.shape, dtype: value.dtype };
    const [slope] = addNode(backend.graph, "Add", [value, addScalar(backend.graph, 1)], [sum]);
    const below = multiplied(backend, gradient, slope!);
    return backend.wrap(where(backend, isAbove(backend, value, "GreaterOrEqual"), gradient, below));
  },
  Selu: unary("Selu"),
  Softplus: unary("Softplus"),
  // Heaviside step: 1 where x > 0, alpha elsewhere.
  Step: (backend, { x }, { alpha }) => {
    const isPositive = isAbove(backend, backend.value(x!), "Greater");
    const [one, other] = [1, alpha].map((value) => addScalar(backend.graph, value));
    return backend.op("Where", [isPositive, one!, other!], x!.shape, "float32");
  },
};

function isAbove(
  backend: TraceBackend,
  value: GraphValue,
  op: "Greater" | "GreaterOrEqual",
): GraphValue {
  const zero = addScalar(backend.graph, 0);
  return addNode(backend.graph, op, [value, zero], [{ shape: value.shape, dtype: "bool" }])[0]!;
}

function where(
  backend: TraceBackend,
  condition: GraphValue,
  a: GraphValue,
  b: GraphValue,
): GraphValue {
  const result = { shape: condition.shape, dtype: a.dtype };
  return addNode(backend.graph, "Where", [condition, a, b], [result])[0]!;
}
