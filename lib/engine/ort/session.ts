import type { TensorSpec } from "../../tensors.ts";
import type { Graph } from "../graph.ts";
import { encodeModel } from "../onnx_file.ts";
import type { Handle } from "./api.ts";
import { addresses, cString, ortApi } from "./api.ts";
import type { OrtTensor } from "./tensor.ts";

/** How a graph is compiled. */
export interface SessionOptions {
  /** ONNX Runtime's name of the device, `undefined` for the cpu. */
  provider?: string;
  /** Name of the device's memory, e.g. "WebGPU_Buffer"; results kept there stay there. */
  deviceMemory?: string;
  /** Threads of its own; absent: those that all programs share, one per core. */
  threads?: number;
  /** File prefix for a time profile; absent: none is written. */
  profile?: string;
}

/** A compiled graph. */
export interface OrtSession {
  /**
   * Runs once, off the main thread. `outputs` are filled in place; results named in `keep` stay on the
   * device and are returned. A signal that fires ends the run between two operators.
   */
  run(
    inputs: Record<string, OrtTensor>,
    outputs: Record<string, OrtTensor>,
    options?: { keep?: Record<string, TensorSpec>; signal?: AbortSignal | undefined },
  ): Promise<Record<string, OrtTensor>>;
  /** Ends profiling and returns the file that was written. */
  endProfiling(): string;
  /** Gives memory back, after runs that are still under way. */
  dispose(): Promise<void>;
}

/** Compiles a graph for a device, off the main thread. */
export async function createSession(graph: Graph, options: SessionOptions): Promise<OrtSession> {
  const api = ortApi();
  const sessionOptions = createOptions(options);
  const model = encodeModel(graph);
  // Made over a buffer, so that it lies outside of JavaScript's own heap and is not moved meanwhile.
  const slot = new BigUint64Array(new ArrayBuffer(8));
  try {
    await api.callAsync(
      "CreateSessionFromArray",
      api.environment,
      model,
      BigInt(model.length),
      sessionOptions,
      slot,
    );
  } finally {
    api.release("ReleaseSessionOptions", sessionOptions);
  }
  const session = Deno.UnsafePointer.create(slot[0]!)!;
  // With the tensors they use: the library holds no reference to their numbers.
  const running = new Map<Promise<unknown>, Record<string, OrtTensor>[]>();
  let disposed = false;

  return {
    async run(inputs, outputs, { keep = {}, signal } = {}) {
      if (disposed) throw new Error("Cannot run a program that was disposed");
      const run = runOnce(session, inputs, outputs, keep, options.deviceMemory, signal);
      running.set(run, [inputs, outputs]);
      try {
        return await run;
      } finally {
        running.delete(run);
      }
    },
    endProfiling() {
      const allocator = api.create("GetAllocatorWithDefaultOptions");
      const text = api.create("SessionEndProfiling", session, allocator);
      const path = Deno.UnsafePointerView.getCString(text);
      api.call("AllocatorFree", allocator, text);
      return path;
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await Promise.allSettled(running.keys());
      api.release("ReleaseSession", session);
    },
  };
}

const SESSION_CONFIG = {
  "session.set_denormal_as_zero": "1",
  "optimization.disable_specified_optimizers": [
    // A product with a bias as one Gemm first copies the bias into every row, on one core: a fifth slower.
    "MatMulAddFusion",
    // Drops the statistics that the gradient of layer normalisation needs.
    "SkipLayerNormFusion",
  ].join(";"),
};

/** Copies numbers between host and device. */
export function copyTensor(from: OrtTensor, to: OrtTensor): void {
  const [sources, targets] = [from, to].map((tensor) => addresses([tensor.handle]));
  ortApi().call("CopyTensors", ortApi().environment, sources!, targets!, null, 1n);
}

function createOptions(options: SessionOptions): Handle {
  const api = ortApi();
  const handle = api.create("CreateSessionOptions");
  const allOptimizations = 99;
  api.call("SetSessionGraphOptimizationLevel", handle, allOptimizations);
  if (options.threads === undefined) api.call("DisablePerSessionThreads", handle);
  else api.call("SetIntraOpNumThreads", handle, options.threads);
  api.call("SetDeterministicCompute", handle, true);
  for (const [key, value] of Object.entries(SESSION_CONFIG)) {
    api.call("AddSessionConfigEntry", handle, cString(key), cString(value));
  }
  if (options.profile) api.call("EnableProfiling", handle, cString(options.profile));
  if (options.provider) appendProvider(handle, options.provider);
  return handle;
}

/** Puts a device before the cpu. CUDA alone has a way of its own. */
export function appendProvider(options: Handle, provider: string): void {
  const api = ortApi();
  if (provider === "CUDA") {
    const cuda = api.create("CreateCUDAProviderOptions");
    try {
      api.call("SessionOptionsAppendExecutionProvider_CUDA_V2", options, cuda);
    } finally {
      api.release("ReleaseCUDAProviderOptions", cuda);
    }
    return;
  }
  const none = new BigUint64Array(1);
  const name = cString(provider);
  api.call("SessionOptionsAppendExecutionProvider", options, name, none, none, 0n);
}

async function runOnce(
  session: Handle,
  inputs: Record<string, OrtTensor>,
  outputs: Record<string, OrtTensor>,
  keep: Record<string, TensorSpec>,
  deviceMemory: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Record<string, OrtTensor>> {
  signal?.throwIfAborted();
  const api = ortApi();
  const binding = api.create("CreateIoBinding", session);
  const runOptions = api.create("CreateRunOptions");
  const cancel = () => api.call("RunOptionsSetTerminate", runOptions);
  signal?.addEventListener("abort", cancel);
  try {
    for (const [name, tensor] of Object.entries(inputs)) {
      api.call("BindInput", binding, cString(name), tensor.handle);
    }
    // Results come back in the order of binding: kept ones first.
    for (const name of Object.keys(keep)) {
      api.call("BindOutputToDevice", binding, cString(name), memory(deviceMemory!));
    }
    for (const [name, tensor] of Object.entries(outputs)) {
      api.call("BindOutput", binding, cString(name), tensor.handle);
    }
    await api.callAsync("RunWithBinding", session, runOptions, binding);
    // Some devices cannot be interrupted: what they computed meanwhile is dropped.
    signal?.throwIfAborted();
    return keptResults(binding, keep);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
    api.release("ReleaseIoBinding", binding);
    api.release("ReleaseRunOptions", runOptions);
  }
}

function keptResults(binding: Handle, keep: Record<string, TensorSpec>): Record<string, OrtTensor> {
  const names = Object.keys(keep);
  if (names.length === 0) return {};
  const api = ortApi();
  const allocator = api.create("GetAllocatorWithDefaultOptions");
  const count = new BigUint64Array(1);
  const slot = new BigUint64Array(1);
  api.call("GetBoundOutputValues", binding, allocator, slot, count);
  const list = Deno.UnsafePointer.create(slot[0]!)!;
  const view = new Deno.UnsafePointerView(list);
  const kept: Record<string, OrtTensor> = {};
  for (let i = 0; i < Number(count[0]); i++) {
    const handle = view.getPointer(i * 8)!;
    const name = names[i];
    if (name === undefined) api.release("ReleaseValue", handle);
    else kept[name] = { spec: keep[name]!, handle };
  }
  api.call("AllocatorFree", allocator, list);
  return kept;
}

const memories = new Map<string, Handle>();

function memory(name: string): Handle {
  let handle = memories.get(name);
  if (!handle) {
    const deviceAllocator = 0, firstDevice = 0, defaultMemory = 0;
    handle = ortApi().create(
      "CreateMemoryInfo",
      cString(name),
      deviceAllocator,
      firstDevice,
      defaultMemory,
    );
    memories.set(name, handle);
  }
  return handle;
}
