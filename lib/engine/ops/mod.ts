/** Operations that tfjs lacks and ONNX Runtime has as one pass: plain tfjs everywhere else. */
export { gelu, silu } from "./activations.ts";
export { groupNorm, layerNorm } from "./normalization.ts";
export { attention, selfAttention } from "./attention.ts";
export { inBlocks } from "./blocks.ts";
export { stopGradient } from "./tracing.ts";
