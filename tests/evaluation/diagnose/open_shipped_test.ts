import { assertEquals, assertRejects } from "@std/assert";
import { openShippedSubject } from "@course/evaluation/diagnose/open_shipped.ts";
import { createFlowTask, loadImages } from "@course/training/flow_task.ts";
import { extendConfig } from "@course/training/config.ts";
import type { ShippedCard } from "@course/training/shipped.ts";
import smoke from "../../../configs/smoke.ts";
import { cpu } from "../../training/fixtures.ts";

const config = extendConfig(smoke, { data: { size: 16 } });

async function shipped() {
  const task = await createFlowTask(cpu, config, await loadImages(config));
  const { facts, fingerprint, params: weights } = task;
  await task.dispose();
  return { name: "small", config, facts, weights, card: { fingerprint, step: 7 } as ShippedCard };
}

Deno.test("a model that comes with the course is looked at with the examples that it learned from", async () => {
  const { subject, dispose } = await openShippedSubject(cpu, await shipped());
  const { train } = await loadImages(config);
  const { name, step, rows, weights, history } = subject;
  assertEquals([name, step, rows.size, rows.complete, history.length], ["small", 7, 16, true, 0]);
  assertEquals(rows.labels, Int32Array.from(train.labels.slice(0, 16)));
  assertEquals(Object.keys(weights), ["params"]);
  await dispose();
});

Deno.test("a model is not looked at with other examples than it learned from", async () => {
  const own = await shipped();
  const other = { ...own, config: extendConfig(config, { data: { seed: 1 } }) };
  await assertRejects(
    () => openShippedSubject(cpu, other),
    "Cannot look at small: its examples are other ones now",
  );
});
