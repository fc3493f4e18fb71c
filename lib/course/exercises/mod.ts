import type { Exercise } from "../exercise.ts";
import { START_HERE } from "./00_start_here/mod.ts";
import { FLOW_MATCHING } from "./01_flow_matching/mod.ts";
import { DIFFUSION_TRANSFORMER } from "./02_diffusion_transformer/mod.ts";
import { CLASS_GUIDANCE } from "./03_class_guidance/mod.ts";
import { TEXT_CONDITIONING } from "./04_text/mod.ts";
import { LATENTS } from "./05_latents/mod.ts";
import { SELF_FLOW } from "./06_self_flow/mod.ts";
import { OVERFIT } from "./07_overfit/mod.ts";

/** Every exercise of the course, in order. Notebooks load those of their lesson alone: `lib/course/lessons.ts`. */
export const EXERCISES: readonly Exercise[] = [
  ...START_HERE,
  ...FLOW_MATCHING,
  ...DIFFUSION_TRANSFORMER,
  ...CLASS_GUIDANCE,
  ...TEXT_CONDITIONING,
  ...LATENTS,
  ...SELF_FLOW,
  ...OVERFIT,
];
