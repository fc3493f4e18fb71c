import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";

/**
 * Code in a sandbox cannot import anything, and no module of its process knows the checks or the answers: callbacks
 * are small functions of tensors that import no more than these.
 */
const LOADED = [
  "lib/course/callbacks.ts",
  "lib/course/eager.ts",
  "lib/course/exercises/02_diffusion_transformer/callbacks.ts",
  "lib/course/exercises/03_class_guidance/callbacks.ts",
  "lib/course/exercises/05_latents/callbacks.ts",
  "lib/course/exercises/06_self_flow/callbacks.ts",
  "lib/course/sandbox/protocol.ts",
  "lib/course/sandbox/worker/define_function.ts",
  "lib/course/sandbox/worker/main.ts",
  "lib/course/sandbox/worker/narrow.ts",
  "lib/course/todo.ts",
  "lib/course/values.ts",
  "lib/random.ts",
  "lib/tensors.ts",
];

Deno.test("a sandbox's process loads nothing that holds an answer", async () => {
  const root = new URL("../../../", import.meta.url);
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "info",
      "--json",
      fileURLToPath(
        new URL("lib/course/sandbox/worker/main.ts", root),
      ),
    ],
    stderr: "null",
  });
  const { modules } = JSON.parse(new TextDecoder().decode((await command.output()).stdout));
  const loaded = modules.map((module: { specifier: string }) => module.specifier)
    .filter((specifier: string) => specifier.startsWith(root.href))
    .map((specifier: string) => specifier.slice(root.href.length))
    .filter((path: string) => !path.startsWith("node_modules/"));
  // Types leave no trace in what runs.
  const types = ["lib/course/exercise.ts"];
  assertEquals(loaded.filter((path: string) => !types.includes(path)).sort(), LOADED);
});
