import { assert, assertEquals, assertRejects } from "@std/assert";
import { extendConfig } from "../../lib/training/config.ts";
import {
  createContrastiveTask,
  type TextTrainConfig,
} from "../../lib/training/contrastive_task.ts";
import { runShipText } from "../../lib/training/ship_text_cli.ts";
import { train } from "../../lib/training/train.ts";
import { openImageTower, openTextEncoder } from "../../lib/text/mod.ts";
import { cpu, newRun, tenSteps, withFolder } from "./fixtures.ts";

const config = extendConfig(tenSteps, {
  data: { name: "pictures", size: 30, imageSize: 32 },
  model: { kind: "text-tower", width: 16, depth: 1, heads: 2, imageWidth: 8 },
  steps: 2,
  batchSize: 8,
  heldout: { images: 16 },
}) as TextTrainConfig;

Deno.test("a finished text run becomes files that encoders open, with measured numbers in their card", () =>
  withFolder(async (folder) => {
    const run = await newRun(folder, config);
    const task = await createContrastiveTask(cpu, config);
    const result = await train(task, run, cpu);
    await result.dispose();
    await task.dispose();

    const out = `${folder}/towers`, lines: string[] = [];
    await runShipText([run.path, "--out", out, "--captions", "60"], (line) => lines.push(line));
    const { card } = JSON.parse(await Deno.readTextFile(`${out}/tower.json`));
    assertEquals([card.step, card.command, card.commit], [2, "deno task train", null]);
    assert(card.heldout.loss > 0 && card.heldout.image_of_text_place >= 1);
    assert(card.heldout["read noun from pooled"] >= 0);
    assert(lines.some((line) => line.includes("tower.onnx")), lines.join("\n"));

    const text = await openTextEncoder("tower", { path: out });
    assertEquals([text.length, text.tokenWidth], [24, 16]);
    const images = await openImageTower(cpu, { path: out });
    assertEquals(images.imageShape, [32, 32, 3]);
    await images.dispose();
    await text.dispose();
  }));

Deno.test("runs of other models, and runs that are not finished, are not shipped", () =>
  withFolder(async (folder) => {
    const digits = await newRun(`${folder}/digits`);
    await assertRejects(() => runShipText([digits.path]), "trained no text tower");
    const empty = await newRun(`${folder}/empty`, config);
    await assertRejects(() => runShipText([empty.path]), "has no checkpoint yet");
  }));
