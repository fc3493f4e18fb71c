import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the process of a sandbox gets its limits from. */
export interface ProcessLimits {
  /** Megabytes of memory. */
  memory: number;
  /** Seconds of processor time, after which the system ends it even if nobody watches it any more. */
  processor: number;
}

const HERE = new URL(".", import.meta.url);
const ROOT = new URL("../../../", HERE);
const CACHE = fileURLToPath(new URL("runs/.sandbox/", ROOT));

/** Megabytes that a process reserves beside what its code uses, and for each of its threads. */
const RESERVED = 1024, RESERVED_PER_CORE = 16;

/**
 * Starts a process without any permission that runs `worker/main.ts`: no files, no network, no environment, no
 * other programs. Its modules come from `node_modules`, its working folder holds nothing but the sandbox's code.
 */
export async function startProcess(limits: ProcessLimits): Promise<Deno.ChildProcess> {
  const deno = [
    ...["run", "--no-prompt", "--no-remote", "--cached-only", "--no-lock", "--quiet"],
    // Modules are taken as installed: no look at the lock file or a registry, and a start in a tenth of a second.
    "--node-modules-dir=manual",
    `--config=${fileURLToPath(new URL("deno.json", ROOT))}`,
    // eval() and its kin could import() modules that are loaded already.
    `--v8-flags=--max-old-space-size=${
      Math.ceil(limits.memory / 2)
    },--disallow-code-generation-from-strings`,
    fileURLToPath(new URL("worker/main.ts", HERE)),
  ];
  const [program, args] = limited([Deno.execPath(), ...deno], limits);
  return new Deno.Command(program, {
    args,
    cwd: fileURLToPath(HERE),
    clearEnv: true,
    env: { DENO_DIR: await cacheFolder(), NO_COLOR: "1", ...systemEnvironment() },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** The command under limits that the system keeps, where there is a shell that can set them. */
function limited(command: string[], { memory, processor }: ProcessLimits): [string, string[]] {
  if (Deno.build.os === "windows") return [command[0]!, command.slice(1)];
  const reserved = RESERVED + RESERVED_PER_CORE * navigator.hardwareConcurrency;
  // Systems differ in what they can limit; what one cannot do is left to the watch over the memory.
  const script = `ulimit -d ${(memory + reserved) * 1024}; ulimit -t ${processor}; ulimit -c 0; `;
  return ["sh", ["-c", `{ ${script} } 2>/dev/null; exec "$0" "$@"`, ...command]];
}

/**
 * Deno's cache for sandboxes alone, so that they start fast. Deno keeps `localStorage` and `caches` in a folder of
 * it, without asking for a permission: a file in its place makes them fail, so that nothing is written to the disk
 * and learners leave each other no messages. Where no folder can be made, sandboxes start without a cache.
 */
async function cacheFolder(): Promise<string> {
  try {
    await Deno.mkdir(CACHE, { recursive: true });
    const file = await Deno.open(join(CACHE, "location_data"), { create: true, append: true });
    file.close();
    return CACHE;
  } catch {
    return join(fileURLToPath(import.meta.url), "none");
  }
}

/** Without this variable programs cannot use the network or random numbers on Windows. */
function systemEnvironment(): Record<string, string> {
  const root = Deno.build.os === "windows" ? Deno.env.get("SYSTEMROOT") : undefined;
  return root === undefined ? {} : { SYSTEMROOT: root };
}
