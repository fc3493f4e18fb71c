import { openLibrary } from "./library.ts";

/** A native object of the library: session, value, options … */
export type Handle = Deno.PointerObject;

type Parameters = readonly Deno.NativeType[];

/** Position in ONNX Runtime's function table (`OrtApi` in onnxruntime_c_api.h, fixed for good) and parameters. */
const FUNCTIONS = {
  GetErrorMessage: [2, ["pointer"]],
  CreateSessionFromArray: [8, ["pointer", "buffer", "usize", "pointer", "buffer"]],
  CreateSessionOptions: [10, ["buffer"]],
  EnableProfiling: [14, ["pointer", "buffer"]],
  SetSessionGraphOptimizationLevel: [23, ["pointer", "i32"]],
  SetIntraOpNumThreads: [24, ["pointer", "i32"]],
  CreateRunOptions: [39, ["buffer"]],
  RunOptionsSetTerminate: [46, ["pointer"]],
  CreateTensorWithDataAsOrtValue: [49, [
    "pointer",
    "buffer",
    "usize",
    "buffer",
    "usize",
    "i32",
    "buffer",
  ]],
  CreateCpuMemoryInfo: [69, ["i32", "i32", "buffer"]],
  CreateMemoryInfo: [68, ["buffer", "i32", "i32", "i32", "buffer"]],
  AllocatorFree: [76, ["pointer", "pointer"]],
  GetAllocatorWithDefaultOptions: [78, ["buffer"]],
  ReleaseStatus: [93, ["pointer"]],
  ReleaseSession: [95, ["pointer"]],
  ReleaseValue: [96, ["pointer"]],
  ReleaseRunOptions: [97, ["pointer"]],
  ReleaseSessionOptions: [100, ["pointer"]],
  SessionEndProfiling: [110, ["pointer", "pointer", "buffer"]],
  AddSessionConfigEntry: [130, ["pointer", "buffer", "buffer"]],
  CreateEnvWithGlobalThreadPools: [119, ["i32", "buffer", "pointer", "buffer"]],
  DisablePerSessionThreads: [120, ["pointer"]],
  CreateThreadingOptions: [121, ["buffer"]],
  ReleaseThreadingOptions: [122, ["pointer"]],
  SetGlobalIntraOpNumThreads: [147, ["pointer", "i32"]],
  SetGlobalInterOpNumThreads: [148, ["pointer", "i32"]],
  SetGlobalDenormalAsZero: [155, ["pointer"]],
  RunWithBinding: [133, ["pointer", "pointer", "pointer"]],
  CreateIoBinding: [134, ["pointer", "buffer"]],
  ReleaseIoBinding: [135, ["pointer"]],
  BindInput: [136, ["pointer", "buffer", "pointer"]],
  BindOutput: [137, ["pointer", "buffer", "pointer"]],
  BindOutputToDevice: [138, ["pointer", "buffer", "pointer"]],
  GetBoundOutputValues: [140, ["pointer", "pointer", "buffer", "buffer"]],
  SessionOptionsAppendExecutionProvider_CUDA_V2: [204, ["pointer", "pointer"]],
  CreateCUDAProviderOptions: [205, ["buffer"]],
  ReleaseCUDAProviderOptions: [208, ["pointer"]],
  SessionOptionsAppendExecutionProvider: [216, ["pointer", "buffer", "buffer", "buffer", "usize"]],
  SetDeterministicCompute: [273, ["pointer", "bool"]],
  CopyTensors: [386, ["pointer", "buffer", "buffer", "pointer", "usize"]],
} as const satisfies Record<string, readonly [number, Parameters]>;

/** Names of the functions that are called. */
export type FunctionName = keyof typeof FUNCTIONS;

type Argument = Handle | BufferSource | bigint | number | boolean | null;

/** ONNX Runtime's C interface: calls by name, errors as exceptions. */
export interface OrtApi {
  version: string;
  /** The library's own state: there is one per process. */
  environment: Handle;
  /** Calls a function on this thread; a failure throws the library's message. */
  call(name: FunctionName, ...args: Argument[]): void;
  /** Calls a function on another thread; buffers among the arguments stay alive until it is done. */
  callAsync(name: FunctionName, ...args: Argument[]): Promise<void>;
  /** Calls a function whose last parameter receives a new object, and returns that object. */
  create(name: FunctionName, ...args: Argument[]): Handle;
  /** Calls a Release function. */
  release(name: FunctionName, handle: Handle): void;
}

let opened: OrtApi | undefined;

/** Opens the library on first use; later calls return the same interface. */
export function ortApi(): OrtApi {
  opened ??= bind();
  return opened;
}

function bind(): OrtApi {
  const { version, table } = openLibrary();
  const bound = new Map<string, (...args: Argument[]) => unknown>();

  function find(name: FunctionName, nonblocking: boolean) {
    const key = nonblocking ? `${name}, off thread` : name;
    let call = bound.get(key);
    if (!call) {
      const [index, parameters] = FUNCTIONS[name];
      const result = name.startsWith("Release") ? "void" : "pointer";
      const definition = { parameters, result, nonblocking } as Deno.ForeignFunction;
      const pointer = new Deno.UnsafeFnPointer(table.getPointer(index * 8)!, definition);
      call = (...args) => (pointer.call as (...args: Argument[]) => unknown)(...args);
      bound.set(key, call);
    }
    return call;
  }

  /** Arguments of calls on other threads: while the library uses their buffers, nothing else holds them. */
  const inUse = new Set<Argument[]>();

  async function callAsync(name: FunctionName, ...args: Argument[]): Promise<void> {
    inUse.add(args);
    try {
      check(await find(name, true)(...args));
    } finally {
      inUse.delete(args);
    }
  }

  function check(status: unknown): void {
    if (status === null) return;
    const text = find("GetErrorMessage", false)(status as Handle) as Handle;
    const message = Deno.UnsafePointerView.getCString(text);
    find("ReleaseStatus", false)(status as Handle);
    throw new Error(`ONNX Runtime: ${message}`);
  }

  function create(name: FunctionName, ...args: Argument[]): Handle {
    const slot = new BigUint64Array(1);
    check(find(name, false)(...args, slot));
    return Deno.UnsafePointer.create(slot[0]!)!;
  }

  /** All programs share one set of threads: several sets would wait for work side by side and get in each other's way. */
  function createEnvironment(): Handle {
    const logErrorsOnly = 3;
    const threads = create("CreateThreadingOptions");
    check(find("SetGlobalIntraOpNumThreads", false)(threads, navigator.hardwareConcurrency));
    check(find("SetGlobalInterOpNumThreads", false)(threads, 1));
    // Numbers below 1e-38 turn up in optimizer states and slow every operation on them down.
    check(find("SetGlobalDenormalAsZero", false)(threads));
    const name = cString("course");
    const environment = create("CreateEnvWithGlobalThreadPools", logErrorsOnly, name, threads);
    find("ReleaseThreadingOptions", false)(threads);
    return environment;
  }

  return {
    version,
    environment: createEnvironment(),
    call: (name, ...args) => check(find(name, false)(...args)),
    callAsync,
    create,
    release: (name, handle) => void find(name, false)(handle),
  };
}

/** A text as the library wants it: UTF-8 with a closing zero. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** An array of addresses. The objects behind them must be kept alive by the caller. */
export function addresses(handles: readonly Handle[]): BigUint64Array<ArrayBuffer> {
  return BigUint64Array.from(handles, (handle) => Deno.UnsafePointer.value(handle));
}
