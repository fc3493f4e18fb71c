/** Models: parameter specs and a pure function from noisy images and noise levels to a prediction. */
export {
  type ImageShape,
  type LevelPalette,
  type Model,
  type ModelInputs,
  nullClass,
  type TokenAccess,
} from "./model.ts";
export { buildModel, type DiTConfig, type ModelConfig, type UNetConfig } from "./registry.ts";
export { dit, type DiTOptions } from "./dit.ts";
export { DIT_PRESETS, type DiTPreset, type DiTSize } from "./dit_presets.ts";
export { unet, type UNetOptions } from "./unet.ts";
export { POOLED_WIDTH, type TextInputs, type TextShape, textSpec } from "./text_conditioning.ts";
export { patchGrid, patchify, spreadTokens, unpatchify } from "./patchify.ts";
export { positions2d } from "./positions.ts";
export {
  klDivergence,
  latentShapeOf,
  type Posterior,
  reparameterise,
  type Vae,
  vae,
  VAE_FACTOR,
  type VaeOptions,
  type VaeSettings,
} from "./vae.ts";
