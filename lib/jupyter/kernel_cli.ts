/** The course's kernel: `kernel_cli.ts CONNECTION_FILE`, started by Jupyter, VS Code or the client of mod.ts. */
import { readConnection } from "./connection.ts";
import { serve } from "./kernel/serve.ts";
import { watchParent } from "./kernel/watch_parent.ts";

const [path] = Deno.args;
if (!path) {
  console.error("usage: kernel_cli.ts CONNECTION_FILE (front ends start it; see docs/jupyter.md)");
  Deno.exit(2);
}

const cells = serve(await readConnection(path), { deno: Deno.execPath(), onShutdown: end });
watchParent(end);
// The stop button comes as a message; Ctrl-C in the server's terminal is not meant for cells.
Deno.addSignalListener("SIGINT", () => {});
if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", end);

function end() {
  cells.stop();
  // A moment for the last messages.
  setTimeout(() => Deno.exit(0), 50);
}
