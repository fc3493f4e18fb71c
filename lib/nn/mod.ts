/** Layers as functions: a spec function that names the parameters and a function that applies them. */
export {
  constant,
  type Initialiser,
  kaimingNormal,
  normal,
  xavierUniform,
  zeros,
} from "./initialisers.ts";
export {
  countParameters,
  initialise,
  param,
  type ParamKind,
  type ParamSpec,
  type ParamSpecs,
  tensorSpecs,
} from "./specs.ts";
export { addPrefix, parameter, takePrefix, toTensors } from "./tree.ts";
export { linear, type LinearOptions, linearSpecs } from "./linear.ts";
export { conv2d, type Conv2dOptions, conv2dSpecs, upsampleNearest } from "./conv2d.ts";
export { embedding, embeddingSpecs } from "./embedding.ts";
export { groupNorm, layerNorm, normSpecs } from "./normalization.ts";
export { timestepEmbedding, type TimestepEmbeddingOptions } from "./timestep_embedding.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type SafetensorsOptions,
  safetensorsParts,
} from "./safetensors.ts";
export { fromPyTorch, toPyTorch } from "./pytorch.ts";
