import type * as tf from "@tensorflow/tfjs-core";
import type { TraceBackend } from "../trace_backend.ts";

/** Inputs of a kernel as tfjs hands them over, by name or (for lists) by position. */
export type KernelInputs = Record<string, tf.TensorInfo>;

/** Attributes of a kernel; each rule knows what its operation has. */
// deno-lint-ignore no-explicit-any
export type KernelAttributes = Record<string, any>;

/** How one tfjs operation is recorded in the graph. */
export type KernelRule = (
  backend: TraceBackend,
  inputs: KernelInputs,
  attributes: KernelAttributes,
) => tf.TensorInfo | tf.TensorInfo[];

/** A family of rules: tfjs kernel name → rule. */
export type KernelTable = Record<string, KernelRule>;
