import * as tf from "@tensorflow/tfjs-core";
import type { HostRecord, TensorRecord } from "../tensors.ts";

/** The parameter of that name; throws with its nearest relatives if there is none. */
export function parameter(params: TensorRecord, name: string): tf.Tensor {
  const found = params[name];
  if (found) return found;
  const layer = name.slice(0, name.lastIndexOf("."));
  const parent = layer.slice(0, layer.lastIndexOf(".") + 1);
  const relatives = Object.keys(params).filter((key) => key.startsWith(parent)).slice(0, 6);
  throw new RangeError(
    `Parameter "${name}" is missing: ` +
      (relatives.length > 0 ? `there are ${relatives.join(", ")}` : "the record has none like it"),
  );
}

/** The same record with `prefix.` before every name. */
export function addPrefix<T>(record: Record<string, T>, prefix: string): Record<string, T> {
  return mapEntries(record, (name, value) => [`${prefix}.${name}`, value]);
}

/** The entries below `prefix.`, without it: one block, one layer, or one of several records kept together. */
export function takePrefix<T>(record: Record<string, T>, prefix: string): Record<string, T> {
  const below = Object.entries(record).filter(([name]) => name.startsWith(`${prefix}.`));
  return Object.fromEntries(below.map(([name, value]) => [name.slice(prefix.length + 1), value]));
}

/** tfjs tensors with the numbers of host tensors, for running a model eagerly. */
export function toTensors(record: HostRecord): TensorRecord {
  return mapEntries(record, (name, { data, shape, dtype }) => {
    return [name, tf.tensor(data, [...shape], dtype)];
  });
}

function mapEntries<T, U>(
  record: Record<string, T>,
  map: (name: string, value: T) => [string, U],
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => map(name, value)));
}
