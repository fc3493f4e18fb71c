import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type Vae, vae, type VaeOptions } from "../models/mod.ts";
import { decodeSafetensors, encodeSafetensors } from "../nn/mod.ts";
import { suggest } from "../suggest.ts";
import type { HostRecord } from "../tensors.ts";
import type { LatentScaling, LatentStatistics } from "./scaling.ts";

/** How well images kept aside come back at one size. */
export interface ReconstructionScore {
  /** Height and width of the images. */
  size: number;
  images: number;
  /** Mean over images of the peak signal-to-noise ratio in dB. */
  psnr: number;
  /** The same ratio of the mean squared error of all images: smaller, since the worst images weigh more. */
  psnr_of_mean_error: number;
}

/** What an autoencoder that comes with the course says about itself; goes into JSON as it is. */
export interface AutoencoderCard {
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
  /** Of the weights in the file. */
  reconstruction: readonly ReconstructionScore[];
  /** Of latents of images that it learned from: where the scaling comes from. */
  statistics: LatentStatistics;
}

/** What lies in the file of an autoencoder. */
export interface AutoencoderContent {
  options: VaeOptions;
  scaling: LatentScaling;
  /** Null in files that say nothing about how they came to be. */
  card: AutoencoderCard | null;
  /** Parameters, float32. */
  weights: HostRecord;
}

/** An autoencoder read from a file, ready to be used. */
export interface Autoencoder extends AutoencoderContent {
  model: Vae;
  /** Differs whenever the weights or the scaling differ. */
  fingerprint: string;
}

/** Where autoencoders lie that come with the course. */
export const AUTOENCODERS = fileURLToPath(
  new URL("../../checkpoints/autoencoders", import.meta.url),
);

const FORMAT = "course autoencoder 1";
const ENDING = ".safetensors";

/** The file of an autoencoder that comes with the course. */
export function autoencoderPath(name: string, folder: string = AUTOENCODERS): string {
  return `${folder}/${name}${ENDING}`;
}

/**
 * Loads an autoencoder that comes with the course by its name, `"pictures"`, or from a `.safetensors` file by its
 * path. Throws a RangeError that lists what there is, or says what is wrong with the file.
 */
export async function loadAutoencoder(nameOrPath: string): Promise<Autoencoder> {
  const isPath = nameOrPath.endsWith(ENDING);
  const path = isPath ? nameOrPath : autoencoderPath(nameOrPath);
  // Looked up in the list first, so that a name cannot lead out of the folder.
  if (!isPath) await checkName(nameOrPath);
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new RangeError(`There is no file ${path}: expected an autoencoder's .safetensors file`);
  }
  try {
    return decodeAutoencoder(bytes);
  } catch (error) {
    throw new RangeError(`Cannot use ${path} as an autoencoder: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** The bytes of a safetensors file: weights in half precision, and the rest as JSON in its header. */
export function encodeAutoencoder(content: AutoencoderContent): Uint8Array<ArrayBuffer> {
  const { weights, options, scaling, card } = content;
  const metadata = {
    format: FORMAT,
    options: JSON.stringify(options),
    scaling: JSON.stringify(scaling),
    card: JSON.stringify(card),
  };
  return encodeSafetensors(weights, { metadata, floats: "F16" });
}

/** Reads what {@linkcode encodeAutoencoder} wrote; throws a RangeError that says what is missing. */
export function decodeAutoencoder(bytes: Uint8Array): Autoencoder {
  const { tensors: weights, metadata } = decodeSafetensors(bytes);
  if (metadata.format !== FORMAT) {
    throw new RangeError(
      `its header says format "${metadata.format ?? "none"}", expected "${FORMAT}"`,
    );
  }
  const options = readJson(metadata, "options") as VaeOptions;
  const scaling = readJson(metadata, "scaling") as LatentScaling;
  const model = vae(options);
  checkScaling(scaling, options);
  checkWeights(weights, model);
  const fingerprint = fingerprintOf({ options, scaling, weights });
  const card = readJson(metadata, "card") as AutoencoderCard | null;
  return { model, options, scaling, card, weights, fingerprint };
}

/** Names of the autoencoders in a folder, sorted; none if there is no folder. */
export async function autoencoderNames(folder: string = AUTOENCODERS): Promise<string[]> {
  try {
    const files = await Array.fromAsync(Deno.readDir(folder));
    return files.map(({ name }) => name).filter((name) => name.endsWith(ENDING))
      .map((name) => name.slice(0, -ENDING.length)).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function fingerprintOf({ options, scaling, weights }: Omit<AutoencoderContent, "card">): string {
  const hash = createHash("sha256").update(JSON.stringify([options, scaling]));
  for (const name of Object.keys(weights).sort()) {
    const { buffer, byteOffset, byteLength } = weights[name]!.data;
    hash.update(name).update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex").slice(0, 16);
}

function checkScaling({ shift, scale }: LatentScaling, { latentChannels }: VaeOptions): void {
  const numbers = Array.isArray(shift) && shift.every(Number.isFinite);
  if (!numbers || shift.length !== latentChannels || !(Number.isFinite(scale) && scale > 0)) {
    throw new RangeError(
      `its scaling is ${JSON.stringify({ shift, scale })}, ` +
        `expected ${latentChannels} shifts and a scale above 0`,
    );
  }
}

function checkWeights(weights: HostRecord, { params, name: model }: Vae): void {
  for (const [name, { shape }] of Object.entries(params)) {
    const came = weights[name]?.shape;
    if (came?.join() === shape.join()) continue;
    const difference = came
      ? `its ${name} is [${came.join(", ")}] instead of [${shape.join(", ")}]`
      : `it has no ${name}`;
    throw new RangeError(`its weights are of another model than ${model}: ${difference}`);
  }
}

function readJson(metadata: Record<string, string>, name: string): unknown {
  try {
    return JSON.parse(metadata[name]!);
  } catch {
    throw new RangeError(`the ${name} in its header is missing or damaged`);
  }
}

async function checkName(name: string): Promise<void> {
  const names = await autoencoderNames();
  if (names.includes(name)) return;
  const meant = suggest(name, names);
  throw new RangeError(
    `There is no autoencoder "${name}": ` + (meant ? `did you mean ${meant}? ` : "") +
      (names.length > 0 ? `There are ${names.join(", ")}` : "none came with this copy") +
      ", or give the path of a .safetensors file",
  );
}
