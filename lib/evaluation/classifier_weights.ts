import { fileURLToPath } from "node:url";
import { decodeSafetensors, encodeSafetensors, type ParamSpecs } from "../nn/mod.ts";
import { float32, type HostRecord } from "../tensors.ts";
import { CLASSIFIER } from "./classifier.ts";

/** What a trained classifier says about itself. */
export interface ClassifierCard {
  /** Name of the dataset. */
  dataset: string;
  /** Which images it learned from, for people. */
  trained_on: string;
  /** Which images it learned from, for programs. */
  fingerprint: string;
  seed: number;
  /** Share of held-out images that it reads rightly, 0 … 1. */
  heldout_accuracy: number;
  /** How it was trained, for people. */
  recipe: string;
}

/** A trained classifier. */
export interface ClassifierWeights {
  params: HostRecord;
  card: ClassifierCard;
}

/** Where the classifiers that come with the project lie. */
export const CLASSIFIERS = fileURLToPath(new URL("../../datasets/classifiers", import.meta.url));

/** Reads the classifier of a dataset; throws what is missing or wrong and how to train one. */
export function loadClassifier(
  dataset: string,
  folder: string = CLASSIFIERS,
): Promise<ClassifierWeights> {
  return loadWeights(dataset, folder, decodeClassifier);
}

/** Reads the file of a dataset's classifier in some way; throws what is missing or wrong and how to train one. */
export async function loadWeights<T>(
  dataset: string,
  folder: string,
  decode: (bytes: Uint8Array) => T,
): Promise<T> {
  const path = `${folder}/${dataset}.safetensors`;
  const again = `\`deno task classifier ${dataset}\` trains it anew`;
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new RangeError(`There is no classifier for ${dataset} at ${path}: ${again}`);
  }
  try {
    return decode(bytes);
  } catch (error) {
    throw new RangeError(`Cannot use ${path}: ${(error as Error).message}; ${again}`);
  }
}

/** The bytes of a safetensors file with the weights in half precision and the card in its header. */
export function encodeClassifier({ params, card }: ClassifierWeights): Uint8Array<ArrayBuffer> {
  const metadata = Object.fromEntries(
    Object.entries(card).map(([name, value]) => [name, String(value)]),
  );
  return encodeSafetensors(params, { metadata, floats: "F16" });
}

/** Reads what {@linkcode encodeClassifier} wrote; throws unless every tensor has the expected shape. */
export function decodeClassifier(bytes: Uint8Array): ClassifierWeights {
  const { tensors, metadata } = decodeSafetensors(bytes);
  expectShapes(tensors, CLASSIFIER);
  const { dataset = "", trained_on = "", fingerprint = "", recipe = "" } = metadata;
  const [seed, heldout_accuracy] = [Number(metadata.seed), Number(metadata.heldout_accuracy)];
  return {
    params: tensors,
    card: { dataset, trained_on, fingerprint, seed, heldout_accuracy, recipe },
  };
}

/** Throws unless every parameter of a network is there in its shape. */
export function expectShapes(tensors: HostRecord, specs: ParamSpecs): void {
  for (const [name, { shape }] of Object.entries(specs)) {
    const found = tensors[name]?.shape.join(", ");
    if (found !== shape.join(", ")) {
      throw new RangeError(`${name} is [${found ?? "missing"}], expected [${shape.join(", ")}]`);
    }
  }
}

/**
 * The same classifier with features in other units: `variance` before becomes 1 after, the logits stay as they are
 * (a ReLU of scaled features is the scaled ReLU). Its layers are `features` and, after the ReLU, `logits`.
 *
 * Distances between features then mean the same for every training of the classifier.
 */
export function rescaleFeatures(params: HostRecord, variance: number): HostRecord {
  const scale = 1 / Math.sqrt(variance);
  const times = (name: string, factor: number) => {
    const { shape, data } = params[name]!;
    return { [name]: float32(shape, Float32Array.from(data, (value) => value * factor)) };
  };
  return {
    ...params,
    ...times("features.weight", scale),
    ...times("features.bias", scale),
    ...times("logits.weight", 1 / scale),
  };
}
