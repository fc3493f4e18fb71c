import { type Device, openDevice } from "../engine/mod.ts";
import { loadAutoencoder } from "./autoencoder_file.ts";
import type { LatentCodec } from "./codec.ts";
import { type OnnxDecoderOptions, openOnnxDecoder } from "./onnx_decoder.ts";
import { vaeCodec } from "./vae_codec.ts";

/** Codecs that come with the course, and the file of each in `checkpoints/autoencoders`. */
export const CODECS: Readonly<Record<string, string>> = { vae: "pictures" };

/** Options of {@linkcode openCodec}. */
export interface CodecOptions {
  /** What computes; the cpu by default. */
  device?: Device;
}

/**
 * Opens a codec by name (`"vae"`, the one that comes with the course), by the path of a `.safetensors` file that an
 * autoencoder was written to, or a decoder from elsewhere by the path of its `.onnx` file with its scaling factor:
 * `"dc-ae.onnx?scaling=0.41407"`, also `&shift=0` and `&channels=last`. Throws a RangeError that says what there is.
 */
export async function openCodec(
  nameOrPath: string = "vae",
  options: CodecOptions = {},
): Promise<LatentCodec> {
  const [path, query] = splitQuery(nameOrPath);
  if (path.endsWith(".onnx")) return await openOnnxDecoder(path, readScaling(path, query));
  const isName = Object.hasOwn(CODECS, nameOrPath);
  if (!isName && !nameOrPath.endsWith(".safetensors")) {
    throw new RangeError(
      `There is no codec "${nameOrPath}": there is ${
        Object.keys(CODECS).join(", ")
      }, or give the path ` +
        "of an autoencoder's .safetensors file, or of a decoder's .onnx file with ?scaling=FACTOR",
    );
  }
  const autoencoder = await loadAutoencoder(isName ? CODECS[nameOrPath]! : nameOrPath);
  return vaeCodec(autoencoder, options.device ?? await openDevice("cpu"), nameOrPath);
}

function splitQuery(text: string): [path: string, query: string] {
  const [, path, query] = /^(.*\.onnx)(?:\?(.*))?$/s.exec(text) ?? [];
  return path === undefined ? [text, ""] : [path, query ?? ""];
}

/** What follows the question mark of a decoder's path. */
function readScaling(path: string, query: string): OnnxDecoderOptions {
  const given = new URLSearchParams(query);
  for (const key of given.keys()) {
    if (!["scaling", "shift", "channels"].includes(key)) {
      throw new RangeError(
        `Cannot read "${key}" of ${path}?${query}: expected scaling, shift or channels`,
      );
    }
  }
  const channels = given.get("channels") ?? "first";
  if (channels !== "first" && channels !== "last") {
    throw new RangeError(`Channels of ${path} are "${channels}": expected first or last`);
  }
  if (!given.has("scaling")) {
    throw new RangeError(
      `Cannot open ${path} without its scaling factor: write ${path}?scaling=0.41407, ` +
        "with the number that belongs to this decoder",
    );
  }
  const number = (name: string) => {
    const text = given.get(name)!, value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value)) return value;
    throw new RangeError(`The ${name} of ${path} is "${text}": expected a number`);
  };
  return {
    scalingFactor: number("scaling"),
    ...(given.has("shift") && { shift: number("shift") }),
    channelFirst: channels === "first",
  };
}
