import type { Device } from "../../engine/mod.ts";
import { createTask } from "../../training/create_task.ts";
import type { Shipped } from "../../training/shipped.ts";
import type { TextDataOptions } from "../../training/text_data.ts";
import { untrained } from "./open_subject.ts";
import type { Subject } from "./subject.ts";

/** A system that is looked at, and how to give back what it holds. */
export interface OpenSubject {
  subject: Subject;
  dispose(): Promise<void>;
}

/**
 * A trained model that comes with the course, with the very examples that it learned from: they are made again from
 * its config's seed. Its log did not come with it, and its weights are the moving average alone.
 *
 * Throws a RangeError if the examples, or what encodes them, are other ones now than in training.
 */
export async function openShippedSubject(
  device: Device,
  { name, config, facts, card, weights }: Pick<
    Shipped,
    "name" | "config" | "facts" | "card" | "weights"
  >,
  options: TextDataOptions = {},
): Promise<OpenSubject> {
  const any = await createTask(device, config, options), { task } = any;
  try {
    const same = [
      ["examples", task.fingerprint, card.fingerprint],
      ["text encoder", task.facts.text?.fingerprint, facts.text?.fingerprint],
      ["autoencoder", task.facts.latents?.fingerprint, facts.latents?.fingerprint],
    ] as const;
    for (const [what, now, then] of same) {
      if (now === then) continue;
      throw new RangeError(
        `Cannot look at ${name}: its ${what} are other ones now (${now ?? "none"}) than in ` +
          `training (${then ?? "none"}). Put the files back as they came with the course`,
      );
    }
    const base = await untrained(config, any);
    const subject = { ...base, name, weights: { params: weights }, history: [], step: card.step };
    return { subject, dispose: () => task.dispose() };
  } catch (error) {
    await task.dispose();
    throw error;
  }
}
