import process from "node:process";

/** Milliseconds between looks. */
const PAUSE = 1000;

/**
 * Calls back when the front end's server has ended without saying so (it crashed or was killed), so that no
 * kernel is left behind. Jupyter names its process in JPY_PARENT_PID; elsewhere it is the parent process.
 */
export function watchParent(onGone: () => void): void {
  const named = Number(Deno.env.get("JPY_PARENT_PID") ?? 0), parent = Deno.ppid;
  const gone = () => named > 1 ? !isAlive(named) : Deno.ppid !== parent || !isAlive(parent);
  const timer = setInterval(() => {
    if (!gone()) return;
    clearInterval(timer);
    onGone();
  }, PAUSE);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not being allowed to signal it means that it is there.
    return (error as { code?: string }).code === "EPERM";
  }
}
