/** Calls `over` once if a process comes to hold more memory than it may, looking every so often; ends with `signal`. */
export async function watchMemory(
  pid: number,
  { bytes, every, signal, over }: {
    bytes: number;
    every: number;
    signal: AbortSignal;
    over: () => void;
  },
): Promise<void> {
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, every));
    if (signal.aborted) return;
    if (await residentBytes(pid) > bytes) return over();
  }
}

/** Bytes of memory that a process holds; 0 if it is gone, or if this system does not tell. */
export async function residentBytes(pid: number): Promise<number> {
  const windows = Deno.build.os === "windows";
  const command = windows
    ? new Deno.Command("tasklist", {
      args: ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"],
      stderr: "null",
    })
    : new Deno.Command("ps", { args: ["-o", "rss=", "-p", `${pid}`], stderr: "null" });
  // The program may be missing, or not be allowed.
  const output = await (async () => await command.output())().catch(() => undefined);
  const text = new TextDecoder().decode(output?.stdout);
  // "deno.exe","4711","Console","1","84,212 K" with the system's own sign between thousands.
  const kilobytes = windows ? text.split('","').at(-1)?.replace(/\D/g, "") : text.trim();
  return 1024 * (Number(kilobytes) || 0);
}
