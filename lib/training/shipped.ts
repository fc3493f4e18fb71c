import { fileURLToPath } from "node:url";
import type { Model } from "../models/mod.ts";
import { decodeSafetensors, encodeSafetensors } from "../nn/mod.ts";
import { suggest } from "../suggest.ts";
import type { HostRecord } from "../tensors.ts";
import type { TrainConfig } from "./config.ts";
import type { Judged } from "./report.ts";
import { otherModel } from "./resume.ts";
import { checkConfig } from "./settings.ts";
import { type ModelFacts, shapesOf } from "./task.ts";
import { modelFor } from "./trained_model.ts";

/** What a trained model that comes with the course says about itself; goes into JSON as it is. */
export interface ShippedCard {
  /** In a sentence, for people. */
  what: string;
  /** The command that trained it. */
  command: string;
  /** Commit of the code that trained it; null if unknown. */
  commit: string | null;
  /** Updates made. */
  step: number;
  /** Training time, on the machine that is named. */
  minutes: number;
  machine: string;
  parameters: number;
  /** Which images it learned from, for people. */
  trained_on: string;
  /** Which images it learned from, for programs. */
  fingerprint: string;
  /** Loss on images kept aside: of the weights as trained, and of those in the file. */
  heldout_loss: { float32: number; float16: number };
  /** What samples of the weights in the file were found to be; they were drawn as the config says. */
  samples: {
    count: number;
    class_accuracy: Judged | null;
    frechet: Judged;
    /** Spread within a class; only of models with classes. */
    diversity?: Judged;
    /** Whether pictures show what prompts say, as in a run's report; only of models with text. */
    prompt_following?: unknown;
  };
}

/** What lies in the file of a shipped model. */
export interface ShippedContent {
  config: TrainConfig;
  facts: ModelFacts;
  card: ShippedCard;
  /** Moving average of the parameters, float32. */
  weights: HostRecord;
}

/** A trained model that comes with the course, ready to be used. */
export interface Shipped extends ShippedContent {
  name: string;
  model: Model;
}

/** Where trained models lie that come with the course. */
export const CHECKPOINTS = fileURLToPath(new URL("../../checkpoints", import.meta.url));

const FORMAT = "course model 1";
const ENDING = ".safetensors";

/**
 * Loads a trained model that comes with the course: `loadShipped("dit-digits")`.
 *
 * `createImageSampler(device, model, { count, prediction: config.objective.prediction })` draws with its weights.
 * Throws a RangeError that lists what there is if there is no such model, or says what is wrong with its file.
 */
export async function loadShipped(name: string, folder: string = CHECKPOINTS): Promise<Shipped> {
  let bytes: Uint8Array;
  try {
    // Looked up in the list first, so that a name cannot lead out of the folder.
    const names = await shippedNames(folder);
    if (!names.includes(name)) throw unknownName(name, names);
    bytes = await Deno.readFile(shippedPath(name, folder));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw unknownName(name, []);
  }
  try {
    const content = decodeShipped(bytes);
    const model = modelFor(content.config, content.facts);
    const other = otherModel(shapesOf(content.weights), shapesOf(model.params));
    if (other) {
      throw new RangeError(`its weights are of another model than ${model.name}: ${other}`);
    }
    return { name, model, ...content };
  } catch (error) {
    throw new RangeError(
      `Cannot use ${shippedPath(name, folder)}: ${(error as Error).message}. ` +
        "Put the file back as it came with the course",
      { cause: error },
    );
  }
}

/** Names of the trained models in a folder, sorted; none if there is no folder. */
export async function shippedNames(folder: string = CHECKPOINTS): Promise<string[]> {
  try {
    const files = await Array.fromAsync(Deno.readDir(folder));
    return files.map(({ name }) => name).filter((name) => name.endsWith(ENDING))
      .map((name) => name.slice(0, -ENDING.length)).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The file of a trained model. */
export function shippedPath(name: string, folder: string = CHECKPOINTS): string {
  return `${folder}/${name}${ENDING}`;
}

/** The bytes of a safetensors file: weights in half precision, and the rest as JSON in its header. */
export function encodeShipped(content: ShippedContent): Uint8Array<ArrayBuffer> {
  const { weights, config, facts, card } = content;
  const metadata = {
    format: FORMAT,
    config: JSON.stringify(config),
    facts: JSON.stringify(facts),
    card: JSON.stringify(card),
  };
  return encodeSafetensors(weights, { metadata, floats: "F16" });
}

/** Reads what {@linkcode encodeShipped} wrote; throws a RangeError that says what is missing. */
export function decodeShipped(bytes: Uint8Array): ShippedContent {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.format !== FORMAT) {
    throw new RangeError(
      `its header says format "${metadata.format ?? "none"}", expected "${FORMAT}"`,
    );
  }
  return {
    weights: tensors,
    config: checkConfig(readJson(metadata, "config")),
    facts: readJson(metadata, "facts") as ModelFacts,
    card: readJson(metadata, "card") as ShippedCard,
  };
}

/** The command without what changes nothing about the weights: where files lie, what is kept, when it is measured. */
export function commandOf(command: string): string {
  // A diagnosis ends its training when it measures, and finds that all is known by heart.
  const measured = /\bdiagnose\b/.test(command) ? "every\\.(?!heldout=)\\w+" : "every\\.\\w+";
  const settings = new RegExp(` --set[ =](data\\.folder|${measured}|keep\\.\\w+)=\\S+`, "g");
  return command.replace(/ --out[ =]\S+/g, "").replace(settings, "");
}

function readJson(metadata: Record<string, string>, name: string): unknown {
  try {
    return JSON.parse(metadata[name]!);
  } catch {
    throw new RangeError(`the ${name} in its header is missing or damaged`);
  }
}

function unknownName(name: string, names: readonly string[]): RangeError {
  const meant = suggest(name, names);
  return new RangeError(
    `There is no trained model "${name}": ` + (meant ? `did you mean ${meant}? ` : "") +
      (names.length > 0 ? `There are ${names.join(", ")}` : "none came with this copy"),
  );
}
