import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { KernelClient } from "@course/jupyter/mod.ts";
import { show, shown, withKernel } from "./helpers.ts";

/** Runs a cell, presses the stop button once it has said that it runs, and returns what it shows. */
async function stopped(kernel: KernelClient, code: string): Promise<string> {
  const running = Promise.withResolvers<void>();
  const run = kernel.execute(`console.log("running"); runs++;\n${code}`, {
    timeLimit: 30_000,
    onOutput: () => running.resolve(),
  });
  await running.promise;
  await new Promise((resolve) => setTimeout(resolve, 100));
  await kernel.interrupt();
  return shown(await run);
}

const PRELUDE = `let runs = 0;
const sleep = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
const { interruptAfter, interruptSignal, isNotebook } = await import("@course/jupyter/inside.ts");`;

Deno.test("the stop button ends whatever a cell does, says so, and keeps the variables", () =>
  withKernel(async (kernel) => {
    await show(kernel, PRELUDE);
    const cells = [
      "await new Promise(() => {});",
      "for (;;) {}",
      "await sleep(1); for (;;) {}",
      "for (;;) await sleep(10);",
      "for (;;) { try { await sleep(10) } catch { /* goes on */ } }",
      "for (;;) { try { for (;;) {} } catch { /* goes on */ } }",
      "async function train() { for (;;) await sleep(10) }\nawait train();",
      "async function* steps() { for (let step = 0;; step++) { await sleep(1); yield step } }\nfor await (const step of steps()) {}",
      "setTimeout(() => { for (;;) {} }, 1); await new Promise(() => {});",
      "await Promise.all([sleep(1e6), new Promise(() => {})]);",
      "outer: for (;;) { for (const x of [1, 2]) continue outer }",
      "do ; while (true);",
    ];
    for (const [i, code] of cells.entries()) {
      const text = await stopped(kernel, code);
      assert(
        text.includes("Interrupted: The cell was stopped. All variables are kept."),
        `${code}: ${text}`,
      );
      assertEquals(await show(kernel, "await sleep(1); runs"), `${i + 1}`, code);
    }
  }));

Deno.test("a loop outside of cells is ended too", () =>
  withKernel(async (kernel) => {
    await show(kernel, PRELUDE);
    const text = await stopped(kernel, "new Function('for (;;) {}')();");
    assertStringIncludes(text, "Interrupted");
    assertEquals(await show(kernel, "runs"), "1");
  }));

Deno.test("a stopped cell runs its finally blocks", () =>
  withKernel(async (kernel) => {
    await show(kernel, PRELUDE);
    const text = await stopped(
      kernel,
      "try { await sleep(1e6) } finally { console.log('tidied up') }",
    );
    assertStringIncludes(text, "tidied up");
    assertStringIncludes(text, "Interrupted");
  }));

Deno.test("a cell that uses its signal may come to an end by itself", () =>
  withKernel(async (kernel) => {
    await show(kernel, PRELUDE);
    const text = await stopped(
      kernel,
      "const signal = interruptSignal();\nwhile (!signal.aborted) await sleep(10);\nawait sleep(50); 'saved'",
    );
    assertStringIncludes(text, '"saved"');
    assertEquals(
      await show(kernel, "[signal.aborted, interruptSignal().aborted, isNotebook()]"),
      "[ true, false, true ]",
    );
  }));

Deno.test("interruptAfter() ends a cell in time with its message, unless it is taken back", () =>
  withKernel(async (kernel) => {
    await show(kernel, PRELUDE);
    const message = "Your function took longer than a tenth of a second";
    for (const code of ["for (;;) {}", "await new Promise(() => {})"]) {
      const text = await show(kernel, `interruptAfter(100, ${JSON.stringify(message)});\n${code}`);
      assertStringIncludes(text, `Interrupted: ${message}`);
    }
    assertEquals(
      await show(kernel, "interruptAfter(100, 'no')(); await sleep(300); 'in peace'"),
      '"in peace"',
    );
    // An alarm ends with its cell.
    assertEquals(await show(kernel, "interruptAfter(100, 'no'); 1"), "1");
    assertEquals(await show(kernel, "await sleep(300); 2"), "2");
  }));

Deno.test("pressing stop while nothing runs does nothing", () =>
  withKernel(async (kernel) => {
    await kernel.interrupt();
    assertEquals(await show(kernel, "for (let i = 0; i < 100; i++); 'fine'"), '"fine"');
  }));

Deno.test("a time limit of the client ends a cell and says which", () =>
  withKernel(async (kernel) => {
    const { status, error } = await kernel.execute("for (;;) {}", { timeLimit: 200 });
    assertEquals(status, "error");
    assertStringIncludes(error ?? "", "0.2 s");
  }));
