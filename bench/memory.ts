/** Takes five training steps of the given shape and prints the peak resident memory of this process. */
import { ditStep } from "./workloads.ts";

let peak = 0;
// Steps run off this thread, so a timer sees the memory while they do.
const look = () => void (peak = Math.max(peak, Deno.memoryUsage().rss));
const timer = setInterval(look, 5);
const { run } = await ditStep(JSON.parse(Deno.args[0]!), { warmUp: 0 });
for (let i = 0; i < 5; i++) await run();
look();
clearInterval(timer);
console.log(JSON.stringify({ peak_rss_mb: peak / 1e6 }));
Deno.exit(0);
