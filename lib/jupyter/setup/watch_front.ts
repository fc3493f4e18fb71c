/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * A worker beside the cells, which works while a cell is in an endless loop: raises the stop button's flag, and
 * ends the process when the kernel's front has gone, so that nothing is left behind.
 */
import { type LinkOptions, readLines, type ToWatcher } from "./link.ts";
import { raise, type StopFlag } from "./stop_flag.ts";

self.onmessage = async ({ data }: MessageEvent<{ link: LinkOptions; flag: StopFlag }>) => {
  const { link: { port, token }, flag } = data;
  try {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    connection.setNoDelay(true);
    const hello = JSON.stringify({ token, watches: true }) + "\n";
    await connection.write(new TextEncoder().encode(hello));
    await readLines(connection.readable, (line) => {
      const { request, message } = (JSON.parse(line) as ToWatcher).interrupt;
      raise(flag, request, message);
    });
  } catch { /* it has gone as well */ }
  Deno.kill(Deno.pid, "SIGKILL");
};
