/** `deno task kernel [--remove]`: makes the course's kernel known to VS Code and every Jupyter of this user. */
import { dirname, join } from "node:path";
import { readArguments } from "../arguments.ts";
import { KERNEL_NAME, readKernelSpec, writeKernelSpec } from "./install/kernelspec.ts";
import { userDataFolder } from "./install/user_data.ts";

const HELP =
  `deno task kernel            installs the course's kernel for VS Code and any Jupyter of yours
deno task kernel --remove   takes it away again

Nothing else on your machine is touched: it is one small file that says how to start the kernel.
\`deno task notebooks\` works without it.`;

/** Installs the kernel into a folder of Jupyter's data and says so. */
export async function install(data: string): Promise<string> {
  const before = await readKernelSpec(data);
  const folder = await writeKernelSpec(data);
  const deno = Deno.execPath();
  return [
    `${before ? "Renewed" : "Installed"} the kernel "Deno (course)" in ${folder}.`,
    `It starts ${deno}`,
    ...(/[\\/]_npx[\\/]/.test(deno)
      ? ["which lies in npx's cache: run this again if that is ever emptied."]
      : []),
    'In VS Code and Jupyter choose the kernel "Deno (course)"; restart them if they are running.',
    "Run this again after moving the course's folder. `deno task kernel --remove` takes it away.",
  ].join("\n");
}

/** Removes the kernel from a folder of Jupyter's data and says so. */
export async function remove(data: string): Promise<string> {
  if (!await readKernelSpec(data)) {
    return `There is nothing to remove: ${data} holds no kernel "${KERNEL_NAME}".`;
  }
  const folder = join(data, "kernels", KERNEL_NAME);
  await Deno.remove(folder, { recursive: true });
  // Only what this program may have made, and only if nobody else uses it.
  await Deno.remove(dirname(folder)).catch(() => {});
  return `Removed the kernel "Deno (course)" from ${folder}.`;
}

if (import.meta.main) {
  try {
    const { words, options } = readArguments(Deno.args, { remove: "flag", help: "flag" });
    if (words.length > 0) throw new RangeError(`Unknown word "${words[0]}"\n\n${HELP}`);
    if (options.help) console.log(HELP);
    else console.log(await (options.remove ? remove : install)(userDataFolder()));
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}
