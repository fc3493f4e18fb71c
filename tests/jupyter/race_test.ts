import { assertEquals } from "@std/assert";
import { type KernelClient, startKernel } from "@course/jupyter/mod.ts";
import { folder, shown } from "./helpers.ts";
import { type Expectation, raceCells } from "./race_cells.ts";

async function countWrong(kernel: KernelClient, cells: Expectation[]): Promise<string[]> {
  // All at once, as "Run All" sends them: the kernel has the next cell while it ends the last.
  const runs = await Promise.all(
    cells.map(({ code }) => kernel.execute(code, { stopOnError: false })),
  );
  return runs.flatMap((run, i) => {
    const { status, shows } = cells[i]!, got = shown(run);
    if (run.status === status && got === shows && run.executionCount === i + 1) return [];
    return [
      `cell ${i + 1}: expected ${status} ${shows.slice(0, 80)}, got ${run.status} ${
        got.slice(0, 80)
      }`,
    ];
  });
}

Deno.test("every output of 1,000 cells arrives in its cell before the cell is finished, also on a busy machine", async () => {
  const kernel = await startKernel({ folder });
  // Busy: another program wants a processor all the time.
  const load = new Deno.Command(Deno.execPath(), { args: ["eval", "for (;;);"] }).spawn();
  try {
    assertEquals(await countWrong(kernel, raceCells(1000)), []);
    assertEquals(kernel.strays.map(({ header, content }) => [header.msg_type, content]), []);
  } finally {
    load.kill("SIGKILL");
    await load.status;
    await kernel.stop();
  }
});
