import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Opens the ONNX Runtime library that the `onnxruntime-node` package ships for this system and calls
 * its C interface directly: a table of functions whose order never changes. Going around the package's
 * own binding keeps runs off the main thread and results out of the garbage collector.
 */
export function openLibrary(): OrtLibrary {
  const library = Deno.dlopen(libraryPath(), {
    OrtGetApiBase: { parameters: [], result: "pointer" },
  });
  const base = new Deno.UnsafePointerView(library.symbols.OrtGetApiBase()!);
  const getVersion = new Deno.UnsafeFnPointer(base.getPointer(8)!, {
    parameters: [],
    result: "pointer",
  });
  const version = Deno.UnsafePointerView.getCString(getVersion.call()!);
  const getApi = new Deno.UnsafeFnPointer(base.getPointer(0)!, {
    parameters: ["u32"],
    result: "pointer",
  });
  // The library hands out its table by the middle part of its own version.
  const table = getApi.call(Number(version.split(".")[1]));
  if (!table) throw new Error(`ONNX Runtime ${version} does not offer its own C interface`);
  return { version, table: new Deno.UnsafePointerView(table) };
}

/** The opened library: its version and the table of its functions. */
export interface OrtLibrary {
  version: string;
  table: Deno.UnsafePointerView;
}

/** Path of the shared library inside the `onnxruntime-node` package. */
export function libraryPath(): string {
  const folder = join(
    packageFolder(),
    "bin",
    "napi-v6",
    system(),
    Deno.build.arch === "aarch64" ? "arm64" : "x64",
  );
  const pattern = /^(lib)?onnxruntime(\.so\.1|\.[\d.]+\.dylib|\.dll)$/;
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      if (pattern.test(name)) return join(folder, name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  throw new Error(
    `The onnxruntime-node package has no library for ${system()} on ${Deno.build.arch} (looked in ${folder})`,
  );
}

function system(): string {
  return Deno.build.os === "windows" ? "win32" : Deno.build.os;
}

function packageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
}
