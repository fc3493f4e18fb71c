import type { HostRecord, HostTensor } from "../tensors.ts";
import { float32, sizeOf } from "../tensors.ts";
import type { ParamKind, ParamSpec, ParamSpecs } from "./specs.ts";

/**
 * Per kind: where each axis of PyTorch's layout lies in ours.
 * `toPyTorch[i]` is our axis that becomes PyTorch's axis i; `fromPyTorch` is its inverse.
 */
const AXES: Record<ParamKind, { toPyTorch: number[]; fromPyTorch: number[] } | null> = {
  linear: { toPyTorch: [1, 0], fromPyTorch: [1, 0] },
  conv: { toPyTorch: [3, 2, 0, 1], fromPyTorch: [2, 3, 1, 0] },
  plain: null,
};

/** Parameters in PyTorch's layouts, as its `state_dict` holds them; names stay. */
export function toPyTorch(params: HostRecord, specs: ParamSpecs): HostRecord {
  checkNames(params, specs);
  return mapSpecs(specs, (name, spec) => {
    checkShape(name, params[name]!, spec.shape, "this model");
    const axes = AXES[spec.kind];
    return axes ? permute(params[name]!, axes.toPyTorch) : params[name]!;
  });
}

/**
 * Parameters of a PyTorch `state_dict` in our layouts, in the order of the specs.
 * Throws if names are missing or unknown, or if a shape differs.
 */
export function fromPyTorch(state: HostRecord, specs: ParamSpecs): HostRecord {
  checkNames(state, specs);
  return mapSpecs(specs, (name, spec) => {
    const axes = AXES[spec.kind];
    const stored = axes ? axes.toPyTorch.map((axis) => spec.shape[axis]!) : spec.shape;
    checkShape(name, state[name]!, stored, "this model's PyTorch layout");
    return axes ? permute(state[name]!, axes.fromPyTorch) : state[name]!;
  });
}

/** The tensor with its axes in another order: axis i of the result is axis `order[i]` of the input. */
function permute(tensor: HostTensor, order: readonly number[]): HostTensor {
  const { shape, data } = tensor;
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const result = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const values = new Float32Array(data.length);
  const index = new Array<number>(order.length).fill(0);
  let from = 0;
  for (let to = 0; to < values.length; to++) {
    values[to] = data[from]!;
    // Counts up like an odometer: the last axis fastest, carrying over to those before it.
    for (let axis = order.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      from += steps[axis]!;
      if (index[axis]! < result[axis]!) break;
      from -= steps[axis]! * result[axis]!;
      index[axis] = 0;
    }
  }
  return float32(result, values);
}

function mapSpecs(
  specs: ParamSpecs,
  map: (name: string, spec: ParamSpec) => HostTensor,
): HostRecord {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, map(name, spec)]));
}

function checkNames(params: HostRecord, specs: ParamSpecs): void {
  const missing = Object.keys(specs).filter((name) => !(name in params));
  const unknown = Object.keys(params).filter((name) => !(name in specs));
  if (missing.length + unknown.length === 0) return;
  const list = (names: string[]) =>
    names.slice(0, 4).join(", ") + (names.length > 4 ? `, … (${names.length})` : "");
  throw new RangeError(
    "Weights are of another model: " + [
      missing.length > 0 ? `missing ${list(missing)}` : "",
      unknown.length > 0 ? `unknown ${list(unknown)}` : "",
    ].filter(Boolean).join("; "),
  );
}

function checkShape(
  name: string,
  tensor: HostTensor,
  expected: readonly number[],
  owner: string,
): void {
  if (tensor.dtype !== "float32") {
    throw new TypeError(`Cannot convert ${name}: it is ${tensor.dtype}, expected float32`);
  }
  if (tensor.shape.join() !== expected.join()) {
    throw new RangeError(
      `Shape of ${name} is [${tensor.shape.join(", ")}], ${owner} has [${expected.join(", ")}]`,
    );
  }
}
