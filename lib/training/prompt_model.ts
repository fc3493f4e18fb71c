import type { Device } from "../engine/mod.ts";
import { openCodec } from "../latents/mod.ts";
import type { Model } from "../models/mod.ts";
import { openTextEncoder } from "../text/mod.ts";
import type { TrainConfig } from "./config.ts";
import type { PromptModel } from "./prompt_sampler.ts";
import type { ModelFacts } from "./task.ts";

/** A trained model that is asked in words, with its encoder and decoder opened. */
export interface OpenPromptModel extends PromptModel {
  dispose(): Promise<void>;
}

/** Options of {@linkcode openPromptModel}. */
export interface PromptModelOptions {
  /** Another decoder than the one that the model was trained with, as a path. */
  codec?: string | undefined;
}

/**
 * Opens what a trained model needs to draw from prompts: the text encoder and the autoencoder that it learned with.
 *
 * Throws a RangeError if the model takes no text, or if encoder or autoencoder are other ones than in training.
 */
export async function openPromptModel(
  device: Device,
  { model, config, facts }: { model: Model; config: TrainConfig; facts: ModelFacts },
  options: PromptModelOptions = {},
): Promise<OpenPromptModel> {
  if (!facts.text) {
    throw new RangeError(`Cannot ask ${facts.name} in words: it was trained without text`);
  }
  const encoder = await openTextEncoder(facts.text.encoder);
  checkSame("text encoder", encoder, { ...facts.text, name: facts.text.encoder });
  const path = options.codec ?? config.latents?.codec;
  const codec = path === undefined ? undefined : await openCodec(path, { device });
  if (codec && facts.latents && options.codec === undefined) {
    checkSame("autoencoder", codec, { ...facts.latents, name: facts.latents.codec });
  }
  return {
    model,
    encoder,
    codec,
    async dispose() {
      await Promise.all([encoder.dispose(), codec?.dispose()]);
    },
  };
}

function checkSame(
  what: string,
  here: { name: string; fingerprint: string },
  then: { name: string; fingerprint: string },
): void {
  if (here.fingerprint === then.fingerprint) return;
  throw new RangeError(
    `Cannot draw: the ${what} "${here.name}" is another one now (${here.fingerprint}) than in ` +
      `training (${then.fingerprint}). Put its files back as they were, or train anew`,
  );
}
