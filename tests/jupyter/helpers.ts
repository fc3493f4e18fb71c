import { fileURLToPath } from "node:url";
import { type Execution, type KernelClient, startKernel } from "@course/jupyter/mod.ts";

/** The course's folder, whose deno.json holds in cells. */
export const folder = fileURLToPath(new URL("../../", import.meta.url));

/** Runs a test with a kernel of its own. */
export async function withKernel(body: (kernel: KernelClient) => Promise<void>): Promise<void> {
  const kernel = await startKernel({ folder });
  try {
    await body(kernel);
  } finally {
    await kernel.stop();
  }
}

/** All outputs of a cell as text, in order, joined by bars. */
export function shown({ outputs }: Execution): string {
  return outputs.map((output) => {
    if (output.output_type === "stream") return output.text;
    if (output.output_type === "error") return output.traceback.join("\n");
    return output.data["text/plain"];
  }).join("|");
}

/** Runs a cell and returns all it shows. */
export async function show(kernel: KernelClient, code: string): Promise<string> {
  return shown(await kernel.execute(code, { timeLimit: 30_000 }));
}

/** Whether a process is there. */
export async function isAlive(pid: number): Promise<boolean> {
  if (Deno.build.os === "windows") {
    const { stdout } = await new Deno.Command("tasklist", { args: ["/fi", `PID eq ${pid}`] })
      .output();
    return new TextDecoder().decode(stdout).includes(String(pid));
  }
  const { success } = await new Deno.Command("kill", { args: ["-0", `${pid}`], stderr: "null" })
    .output();
  return success;
}

/** Waits until something holds; false if it does not within so many milliseconds. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  milliseconds = 20_000,
): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (!await holds()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
