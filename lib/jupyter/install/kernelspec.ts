import { join } from "node:path";
import { kernelCommand } from "../kernel_command.ts";

/** The name by which notebooks ask for the course's kernel. */
export const KERNEL_NAME = "deno-course";

/** What Jupyter and VS Code read to start a kernel (https://jupyter-client.readthedocs.io/en/stable/kernels.html). */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  /** The stop button sends a message; a signal would end the process and all variables. */
  interrupt_mode: "message";
  metadata: { debugger: boolean };
}

/** The course's kernelspec, with absolute paths: it works from any folder, as long as nothing is moved. */
export function kernelSpec(deno: string = Deno.execPath()): KernelSpec {
  return {
    argv: kernelCommand("{connection_file}", deno),
    display_name: "Deno (course)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false },
  };
}

/** Writes the kernelspec below a folder of Jupyter's data; returns the folder that holds it. */
export async function writeKernelSpec(data: string, deno?: string): Promise<string> {
  const folder = join(data, "kernels", KERNEL_NAME);
  await Deno.mkdir(folder, { recursive: true });
  const path = join(folder, "kernel.json"), unfinished = `${path}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(unfinished, JSON.stringify(kernelSpec(deno), null, 2) + "\n");
  await Deno.rename(unfinished, path);
  return folder;
}

/** The kernelspec below a folder of Jupyter's data; nothing if there is none. */
export async function readKernelSpec(data: string): Promise<KernelSpec | undefined> {
  try {
    const path = join(data, "kernels", KERNEL_NAME, "kernel.json");
    return JSON.parse(await Deno.readTextFile(path)) as KernelSpec;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
