/** The commands of the trainer as programs of their own, with the permissions that their tasks name. */

const PERMISSIONS = [
  "--no-prompt",
  "--allow-read",
  "--allow-ffi",
  "--allow-env=npm_package_config_libvips,MALLOC_ARENA_MAX",
  "--allow-sys=cpus,hostname,networkInterfaces,statfs",
];

const decoder = new TextDecoder();

export interface Ended {
  code: number;
  signal: Deno.Signal | null;
  /** What was printed, on both streams. */
  text: string;
}

/** Starts `deno task train` or `deno task sample`; it may write below the folder. */
export function start(command: "train" | "sample", folder: string, args: string[]) {
  const file = command === "train" ? "cli.ts" : "sample_cli.ts";
  const path = new URL(`../../lib/training/${file}`, import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", ...PERMISSIONS, `--allow-write=${folder}`, path, ...args],
    cwd: new URL("../../", import.meta.url),
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a command to its end. */
export async function run(
  command: "train" | "sample",
  folder: string,
  args: string[],
): Promise<Ended> {
  return await ended(start(command, folder, args));
}

/** Waits for a command's end. */
export async function ended(child: Deno.ChildProcess): Promise<Ended> {
  const { code, signal, stdout, stderr } = await child.output();
  return { code, signal, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Waits until a file has so many lines; false if the program ended before. */
export async function untilLines(
  path: string,
  count: number,
  child: Deno.ChildProcess,
): Promise<boolean> {
  let running = true;
  child.status.then(() => running = false);
  while (running) {
    const text = await Deno.readTextFile(path).catch(() => "");
    if (text.split("\n").length > count) return true;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return false;
}
