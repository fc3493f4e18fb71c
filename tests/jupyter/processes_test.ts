import { assert, assertEquals } from "@std/assert";
import { startKernel } from "@course/jupyter/mod.ts";
import { eventually, folder, isAlive, show, withKernel } from "./helpers.ts";

/** A program that starts a kernel, lets it run a cell, and says the numbers of all three processes. */
const FRONT_END = `
import { startKernel } from ${
  JSON.stringify(new URL("../../lib/jupyter/mod.ts", import.meta.url).href)
};
const kernel = await startKernel({ folder: ${JSON.stringify(folder)} });
const { outputs: [{ data }] } = await kernel.execute("Deno.pid");
kernel.execute(Deno.args[0]);
console.log(JSON.stringify({ front: kernel.pid, cells: Number(data["text/plain"]) }));
`;

for (
  const [what, code] of [["is idle", "1"], ["awaits", "await new Promise(() => {})"], [
    "is in an endless loop",
    "for (;;) {}",
  ]]
) {
  Deno.test(`no process is left behind when the server is killed while a cell ${what}`, async () => {
    const path = await Deno.makeTempFile({ suffix: ".ts" });
    try {
      await Deno.writeTextFile(path, FRONT_END);
      const server = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--quiet", "--config", `${folder}deno.json`, path, code!],
        stdout: "piped",
      }).spawn();
      const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
      const { front, cells } = JSON.parse((await reader.read()).value!);
      assertEquals([await isAlive(front), await isAlive(cells)], [true, true]);
      server.kill("SIGKILL");
      await server.status;
      await reader.cancel();
      assert(await eventually(async () => !await isAlive(front)), "the kernel's front is left");
      assert(
        await eventually(async () => !await isAlive(cells)),
        "the process of the cells is left",
      );
    } finally {
      await Deno.remove(path);
    }
  });
}

Deno.test("the process of the cells ends with the kernel's front, even in an endless loop", async () => {
  const kernel = await startKernel({ folder });
  const cells = Number(await show(kernel, "Deno.pid"));
  // The watcher beside the cells needs a moment after the start.
  await show(kernel, "await new Promise((done) => setTimeout(done, 1500))");
  kernel.execute("for (;;) {}").catch(() => {});
  Deno.kill(kernel.pid, "SIGKILL");
  assert(await eventually(async () => !await isAlive(cells)));
  await kernel.stop();
});

Deno.test("two kernels at once know nothing of each other", () =>
  withKernel((one) =>
    withKernel(async (other) => {
      await Promise.all([show(one, "const name = 'one'"), show(other, "const name = 'other'")]);
      assertEquals(await Promise.all([show(one, "name"), show(other, "name")]), [
        '"one"',
        '"other"',
      ]);
    })
  ));
