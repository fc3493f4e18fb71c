import { isNotebook } from "../jupyter/inside.ts";
import type { MediaBundle } from "./media.ts";
import type { Screen } from "./figure.ts";

/** Where figures are shown. */
export interface Target {
  /** The notebook that this runs in, if it does. */
  notebook?: NotebookDisplay;
  /** The terminal, where somebody looks at one; a pipe or a file has none. */
  screen?: Screen;
  /** Writes text to the terminal, the pipe or the file. */
  write(text: string): void;
}

/** What Jupyter offers: `Deno.jupyter` without the rest. */
export interface NotebookDisplay {
  display(
    bundle: MediaBundle,
    options: { raw: true; update?: boolean; display_id?: string },
  ): Promise<void>;
}

/** The notebook if this runs in one, else standard output. */
export function currentTarget(): Target {
  const notebook = isNotebook();
  return {
    ...(notebook && { notebook: Deno.jupyter }),
    ...(!notebook && Deno.stdout.isTerminal() && { screen: currentScreen() }),
    write: (text) => writeAll(new TextEncoder().encode(text)),
  };
}

/** Size and colours of the terminal, as far as the program may know them. */
export function currentScreen(): Screen {
  return {
    ...sizeOf(),
    // Windows Terminal does not say so, but knows all colours too.
    colours: !Deno.noColor &&
      (/^(truecolor|24bit)$/i.test(readEnvironment("COLORTERM") ?? "") ||
        readEnvironment("WT_SESSION") !== undefined),
  };
}

function sizeOf(): { columns: number; rows?: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    return columns > 0 ? { columns, rows } : { columns: 80 };
  } catch {
    return { columns: 80 };
  }
}

/** A variable of the environment if it may be read without asking anybody. */
function readEnvironment(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}
