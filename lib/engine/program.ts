import type { HostRecord, SpecRecord, TensorSpec } from "../tensors.ts";
import { describeSpec } from "../tensors.ts";
import type { CompileOptions, Device, TensorFunction, Value } from "./device.ts";
import { isDeviceTensor, toHost } from "./device.ts";
import type { Profile } from "./profile.ts";
import { parseProfile } from "./profile.ts";

/** A compiled function. */
export interface Program {
  /** Shapes and types of the results. */
  readonly outputs: SpecRecord;
  /** Runs the function off the main thread and returns its results on the host. */
  run(inputs: Record<string, Value>, options?: { signal?: AbortSignal }): Promise<HostRecord>;
  /** Gives its memory back. */
  dispose(): Promise<void>;
}

/** Compiles a function of named tensors for the shapes and types of its inputs. */
export async function compile(
  device: Device,
  fn: TensorFunction,
  inputs: SpecRecord,
  options: CompileOptions = {},
): Promise<Program> {
  const executable = await device.prepare(fn, inputs, options);
  return {
    outputs: executable.outputs,
    async run(values, { signal } = {}) {
      const results: HostRecord = {};
      for (const [name, value] of Object.entries(await executable.run(values, { signal }))) {
        results[name] = await toHost(value);
      }
      return results;
    },
    dispose: () => executable.dispose(),
  };
}

/** A function that is compiled when it first meets inputs of some shapes and types, and reused for them. */
export interface ShapedProgram {
  run(inputs: Record<string, Value>, options?: { signal?: AbortSignal }): Promise<HostRecord>;
  /** Number of programs compiled so far. */
  readonly compiled: number;
  /** Gives the memory of all of them back. */
  dispose(): Promise<void>;
}

/** Compiles a function for whatever shapes it is called with; each combination is compiled once. */
export function compileByShape(
  device: Device,
  fn: TensorFunction,
  options: Pick<CompileOptions, "constants"> = {},
): ShapedProgram {
  const programs = new Map<string, Promise<Program>>();
  return {
    get compiled() {
      return programs.size;
    },
    async run(values, runOptions) {
      const specs = Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, specOf(value)]),
      );
      const key = Object.entries(specs).map(([name, spec]) => `${name}: ${describeSpec(spec)}`)
        .sort().join(", ");
      let program = programs.get(key);
      if (!program) {
        program = compile(device, fn, specs, options);
        programs.set(key, program);
        // A function that cannot be compiled may be tried again.
        program.catch(() => programs.delete(key));
      }
      return (await program).run(values, runOptions);
    },
    async dispose() {
      const all = await Promise.allSettled(programs.values());
      programs.clear();
      await Promise.all(all.map((one) => one.status === "fulfilled" && one.value.dispose()));
    },
  };
}

/**
 * Measures where a function's time goes: compiles it with a time profile, runs it and reads the profile.
 * Needs permission to write to a temporary folder.
 */
export async function profile(
  device: Device,
  fn: TensorFunction,
  inputs: Record<string, Value>,
  { runs = 10, constants = {} }: { runs?: number; constants?: HostRecord } = {},
): Promise<Profile> {
  const folder = await Deno.makeTempDir({ prefix: "profile-" });
  try {
    const specs = Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, specOf(value)]),
    );
    const options = { constants, profile: `${folder}/run` };
    const executable = await device.prepare(fn, specs, options);
    if (!executable.endProfiling) {
      throw new Error(`Device "${device.name}" keeps no time profile: use cpu`);
    }
    for (let i = 0; i < runs; i++) await executable.run(inputs);
    const file = executable.endProfiling();
    await executable.dispose();
    return parseProfile(await Deno.readTextFile(file), runs);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function specOf(value: Value): TensorSpec {
  const { shape, dtype } = isDeviceTensor(value) ? value.spec : value;
  return { shape, dtype };
}
