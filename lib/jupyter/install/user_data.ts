import { join } from "node:path";

/** The parts of the environment that say where Jupyter keeps a user's data. */
export interface DataEnvironment {
  os: typeof Deno.build.os;
  env(name: string): string | undefined;
}

const here: DataEnvironment = { os: Deno.build.os, env: (name) => Deno.env.get(name) };

/**
 * The folder of a user's Jupyter data, which every Jupyter and VS Code of the user read
 * (https://docs.jupyter.org/en/latest/use/jupyter-directories.html).
 */
export function userDataFolder({ os, env }: DataEnvironment = here): string {
  const given = env("JUPYTER_DATA_DIR");
  if (given) return given;
  const home = (name: string) => {
    const folder = env(name);
    if (folder) return folder;
    throw new Error(
      `Cannot find the folder of Jupyter's data: ${name} is not set. ` +
        "Set JUPYTER_DATA_DIR to the folder that `jupyter --data-dir` prints.",
    );
  };
  if (os === "windows") return join(home("APPDATA"), "jupyter");
  if (os === "darwin") return join(home("HOME"), "Library", "Jupyter");
  return join(env("XDG_DATA_HOME") || join(home("HOME"), ".local", "share"), "jupyter");
}
