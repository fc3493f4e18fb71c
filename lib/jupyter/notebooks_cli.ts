/** `deno task notebooks [options for Jupyter]`: starts Jupyter on the notebooks, with the course's kernel. */
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { findJupyter, HOW_TO_GET_JUPYTER } from "./install/find_jupyter.ts";
import { writeKernelSpec } from "./install/kernelspec.ts";

const notebooks = fileURLToPath(new URL("../../notebooks", import.meta.url));
/** Jupyter's data for this course only, made anew at every start. */
const data = fileURLToPath(new URL("../../.jupyter", import.meta.url));

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  await writeKernelSpec(data);
  const command = await findJupyter();
  if (!command) {
    console.error(`Jupyter was not found. How to get it:\n${HOW_TO_GET_JUPYTER}`);
    console.error(
      "Or open the notebooks in VS Code: `deno task kernel` installs the kernel for it.",
    );
    return 1;
  }
  console.log(`Starting ${command.join(" ")} on ${notebooks}; Ctrl-C ends it.`);
  const [program, ...args] = command;
  const paths = [data, Deno.env.get("JUPYTER_PATH")].filter((path) => path);
  const child = new Deno.Command(program!, {
    args: [...args, ...Deno.args],
    cwd: notebooks,
    env: { JUPYTER_PATH: paths.join(delimiter) },
  }).spawn();
  // Ctrl-C is for Jupyter, which asks back and ends its kernels in peace.
  Deno.addSignalListener("SIGINT", () => {});
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
  return (await child.status).code;
}
