type StreamName = "stdout" | "stderr";

/** Lines of Deno's own that say nothing to learners. */
const NOISE = /^CDP response has null result.*\n|^.*"deno jupyter" is unstable.*\n/gm;

/** Hands over what a process itself writes to its streams: reports of tests, downloads, a crash. */
export function forwardStreams(
  process: Deno.ChildProcess,
  onText: (name: StreamName, text: string) => void,
): void {
  for (const name of ["stdout", "stderr"] as const) {
    (async () => {
      for await (const text of process[name].pipeThrough(new TextDecoderStream())) {
        const clean = text.replace(NOISE, "");
        if (clean !== "") onText(name, clean);
      }
    })().catch(() => {/* it has ended */});
  }
}
