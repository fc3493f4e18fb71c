import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Exercise } from "../../../lib/course/exercise.ts";
import { runChecks } from "../../../lib/course/run_checks.ts";
import { openSandbox, type Sandbox } from "../../../lib/course/sandbox/mod.ts";
import { float32 } from "../../../lib/tensors.ts";
import { HOSTILE, TOO_SLOW } from "./hostile/mod.ts";

/** v = x1 − x0, checked by numbers that are computed by hand. */
const EXERCISE: Exercise = {
  id: "1.2",
  name: "velocityTarget",
  title: "The velocity target",
  difficulty: 1,
  importance: 5,
  minutes: 5,
  hints: [],
  bugs: [],
  checks: [{
    name: "noise minus data",
    args: [float32([2, 2], [1, 2, 3, 4]), float32([2, 2], [5, 5, 5, 5])],
    expected: () => float32([2, 2], [4, 3, 2, 1]),
  }],
};

const GOOD = "function velocityTarget(x0: tf.Tensor, x1: tf.Tensor) { return tf.sub(x1, x0); }";

Deno.test("hostile code neither passes nor disturbs what follows it", async (t) => {
  const limits = { memoryLimit: 256, outputLimit: 1_000_000 };
  await using patient = await openSandbox(limits);
  await using hasty = await openSandbox({ ...limits, timeLimit: 500 });
  const before = trusted();
  for (const { name, code, says } of HOSTILE) {
    await t.step(name, async () => {
      const { passed, message } = await outcome(code, says === TOO_SLOW ? hasty : patient);
      assert(!passed, `passed: ${message}`);
      assertMatch(message, says ?? /./);
      assertEquals(await outcome(GOOD, patient), { passed: true, message: "" });
      assertEquals(trusted(), before);
    });
  }
});

async function outcome(
  code: string,
  sandbox: Sandbox,
): Promise<{ passed: boolean; message: string }> {
  try {
    await sandbox.load(code, EXERCISE.name);
  } catch (error) {
    return { passed: false, message: (error as Error).message };
  }
  const { passed, results } = await runChecks(EXERCISE, sandbox.call);
  return { passed, message: passed ? "" : results.at(-1)!.message };
}

/** What this process relies on, as it should stay. */
function trusted(): unknown[] {
  return [
    Math.random,
    Object.is,
    JSON.parse,
    Array.prototype.every,
    Reflect.ownKeys(Object.prototype),
  ];
}
