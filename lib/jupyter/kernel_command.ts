import { fileURLToPath } from "node:url";

/** The command that starts the course's kernel for a connection file, with absolute paths. */
export function kernelCommand(connection: string, deno: string = Deno.execPath()): string[] {
  const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  return [
    deno,
    "run",
    "--quiet",
    "--no-prompt",
    "--config",
    path("../../deno.json"),
    // The kernel's own: it listens where Jupyter tells it to, and starts the process in which cells run.
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-run",
    path("kernel_cli.ts"),
    connection,
  ];
}
