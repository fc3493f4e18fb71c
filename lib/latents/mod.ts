/** Codecs between images and the smaller latents that a diffusion model learns to draw. */
export type { LatentCodec } from "./codec.ts";
export { type CodecOptions, CODECS, openCodec } from "./open_codec.ts";
export { type OnnxDecoderOptions, openOnnxDecoder } from "./onnx_decoder.ts";
export { codecFunction, type Direction, vaeCodec } from "./vae_codec.ts";
export { exportCodec, type ExportedCodec } from "./export_codec.ts";
export {
  type Autoencoder,
  type AutoencoderCard,
  type AutoencoderContent,
  autoencoderNames,
  autoencoderPath,
  AUTOENCODERS,
  decodeAutoencoder,
  encodeAutoencoder,
  loadAutoencoder,
  type ReconstructionScore,
} from "./autoencoder_file.ts";
export {
  collectStatistics,
  type LatentScaling,
  type LatentStatistics,
  scaleLatents,
  scalingFrom,
  unscaleLatents,
} from "./scaling.ts";
export {
  compareImages,
  psnrOf,
  reconstruct,
  type Reconstruction,
  type ReconstructOptions,
} from "./reconstruction.ts";
