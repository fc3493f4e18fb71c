/** Ways to start Jupyter, the best first. */
const COMMANDS: readonly (readonly string[])[] = [
  ["jupyter", "lab"],
  ["python3", "-m", "jupyterlab"],
  ["python", "-m", "jupyterlab"],
  ["py", "-m", "jupyterlab"],
  ["jupyter", "notebook"],
  ["python3", "-m", "notebook"],
  ["python", "-m", "notebook"],
  ["py", "-m", "notebook"],
];

/** How to get Jupyter on each system. */
export const HOW_TO_GET_JUPYTER = [
  "Windows:  winget install Python.Python.3.13   then   py -m pip install jupyterlab",
  "macOS:    brew install jupyterlab   (or, with Python: python3 -m pip install jupyterlab)",
  "Linux:    sudo apt install pipx && pipx install jupyterlab   (or: pip install jupyterlab)",
].join("\n");

/** The command that starts Jupyter here, or nothing if none is found. */
export async function findJupyter(
  answers: (command: readonly string[]) => Promise<boolean> = givesVersion,
): Promise<readonly string[] | undefined> {
  for (const command of COMMANDS) {
    if (await answers(command)) return command;
  }
  return undefined;
}

async function givesVersion([program, ...args]: readonly string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(program!, {
      args: [...args, "--version"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false; // there is no such program
  }
}
