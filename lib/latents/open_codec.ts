import { type Device, openDevice } from "../engine/mod.ts";
import { loadAutoencoder } from "./autoencoder_file.ts";
import type { LatentCodec } from "./codec.ts";
import { vaeCodec } from "./vae_codec.ts";

/** Codecs that come with the course, and the file of each in `checkpoints/autoencoders`. */
export const CODECS: Readonly<Record<string, string>> = { vae: "pictures" };

/** Options of {@linkcode openCodec}. */
export interface CodecOptions {
  /** What computes; the cpu by default. */
  device?: Device;
}

/**
 * Opens a codec by name (`"vae"`, the one that comes with the course) or by the path of a `.safetensors` file that
 * an autoencoder was written to. Throws a RangeError that says what there is.
 *
 * A decoder from elsewhere is opened by `openOnnxDecoder()`, which needs to know its scaling factor.
 */
export async function openCodec(
  nameOrPath: string = "vae",
  options: CodecOptions = {},
): Promise<LatentCodec> {
  if (nameOrPath.endsWith(".onnx")) {
    throw new RangeError(
      `Cannot open ${nameOrPath} without its scaling: ` +
        "use openOnnxDecoder(path, { scalingFactor, channelFirst })",
    );
  }
  const isName = Object.hasOwn(CODECS, nameOrPath);
  if (!isName && !nameOrPath.endsWith(".safetensors")) {
    throw new RangeError(
      `There is no codec "${nameOrPath}": there is ${Object.keys(CODECS).join(", ")}, ` +
        "or give the path of an autoencoder's .safetensors file",
    );
  }
  const autoencoder = await loadAutoencoder(isName ? CODECS[nameOrPath]! : nameOrPath);
  return vaeCodec(autoencoder, options.device ?? await openDevice("cpu"), nameOrPath);
}
