import onnxProto from "onnx-proto";
import { encodeAutoencoder } from "@course/latents/mod.ts";
import { vae } from "@course/models/mod.ts";
import { initialise, normal } from "@course/nn/mod.ts";
import { createRandom, normals } from "@course/random.ts";

/** Runs a test with a folder of its own, which is removed afterwards. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A very small autoencoder with random weights, and a scaling that is easy to recognise. */
export function tinyAutoencoder(seed = 1) {
  const model = vae({ width: 8, latentChannels: 2, groups: 2, encoderBlocks: 1, decoderBlocks: 1 });
  const specs = Object.fromEntries(
    Object.entries(model.params).map(([name, spec]) => [name, { ...spec, init: normal(0.15) }]),
  );
  const weights = initialise(specs, createRandom(seed));
  const scaling = { shift: [0.5, -1], scale: 0.25 };
  return { model, options: model.options, weights, scaling, card: null };
}

/** Writes an untrained autoencoder that `openCodec(path)` opens; returns the path. */
export async function writeTinyAutoencoder(folder: string, seed = 1): Promise<string> {
  const path = `${folder}/tiny-${seed}.safetensors`;
  await Deno.writeFile(path, encodeAutoencoder(tinyAutoencoder(seed)));
  return path;
}

/** Images of smooth noise, `[count, size, size, 3]` in [−1, 1]. */
export function someImages(count: number, size: number, seed = 3): Float32Array<ArrayBuffer> {
  return normals(createRandom(seed), count * size * size * 3).map((value) => Math.tanh(value / 2));
}

/** A stand-in for a decoder from elsewhere: how its ports look. */
export interface StandIn {
  input?: (number | string)[];
  output?: (number | string)[];
  /** A second output that nobody asked for. */
  extra?: boolean;
  elementType?: number;
}

const { onnx } = onnxProto;

/**
 * An ONNX model that puts blocks of channels side by side: `[B, 12, h, w]` → `[B, 3, 2 h, 2 w]`, by DepthToSpace,
 * the operator with which many real decoders end. It has no weights, so what comes out is known.
 */
export function standInDecoder(standIn: StandIn = {}): Uint8Array {
  const { input = ["batch", 12, 2, 2], output = ["batch", 3, 4, 4] } = standIn;
  const { extra = false, elementType = 1 } = standIn;
  const port = (name: string, sizes: (number | string)[]) => ({
    name,
    type: {
      tensorType: {
        elemType: elementType,
        shape: {
          dim: sizes.map((size) =>
            typeof size === "number" ? { dimValue: size } : { dimParam: size }
          ),
        },
      },
    },
  });
  return onnx.ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: "", version: 13 }],
    graph: {
      name: "stand-in",
      node: [
        {
          opType: "DepthToSpace",
          input: ["latent"],
          output: ["sample"],
          attribute: [{ name: "blocksize", type: 2, i: 2 }, {
            name: "mode",
            type: 3,
            s: new TextEncoder().encode("DCR"),
          }],
        },
        ...(extra ? [{ opType: "Identity", input: ["latent"], output: ["more"] }] : []),
      ],
      input: [port("latent", input)],
      output: [port("sample", output), ...(extra ? [port("more", input)] : [])],
    },
  }).finish();
}
