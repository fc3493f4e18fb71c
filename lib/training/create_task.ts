import type { Device } from "../engine/mod.ts";
import type { TrainConfig } from "./config.ts";
import { createContrastiveTask, type TextTrainConfig } from "./contrastive_task.ts";
import { createFlowTask, type FlowTask, loadImages } from "./flow_task.ts";
import type { TrainTask } from "./task.ts";
import { openTextData, type TextDataOptions } from "./text_data.ts";
import { createTextTask, type TextTask } from "./text_task.ts";
import { createVaeTask, type VaeTask, type VaeTrainConfig } from "./vae_task.ts";

/** A task of one of the kinds that configs describe. */
export type AnyTask =
  | { kind: "classes"; task: FlowTask }
  | { kind: "text"; task: TextTask }
  | { kind: "vae"; task: VaeTask }
  | { kind: "text-tower"; task: TrainTask };

/** Makes the task that a config describes: what is learned, from what, and how it is judged. */
export async function createTask(
  device: Device,
  config: TrainConfig,
  options: TextDataOptions = {},
): Promise<AnyTask> {
  switch (config.model.kind) {
    case "vae": {
      const task = await createVaeTask(device, config as VaeTrainConfig);
      return { kind: "vae", task };
    }
    case "text-tower": {
      const task = await createContrastiveTask(device, config as TextTrainConfig);
      return { kind: "text-tower", task };
    }
    default: {
      if (!config.text) {
        const task = await createFlowTask(device, config, await loadImages(config));
        return { kind: "classes", task };
      }
      const data = await openTextData(config, { ...options, device });
      return { kind: "text", task: await createTextTask(device, config, data) };
    }
  }
}
