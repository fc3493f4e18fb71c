import type { Exercise } from "../../exercise.ts";
import { compressionExercise } from "./compression.ts";
import { decodeLatentsExercise } from "./decode_latents.ts";
import { klDivergenceExercise } from "./kl_divergence.ts";
import { latentScaleExercise } from "./latent_scale.ts";
import { psnrExercise } from "./psnr.ts";
import { reparameteriseExercise } from "./reparameterise.ts";

/** The exercises of notebook 05, latent diffusion. */
export const LATENTS: readonly Exercise[] = [
  compressionExercise,
  psnrExercise,
  reparameteriseExercise,
  klDivergenceExercise,
  latentScaleExercise,
  decodeLatentsExercise,
];
