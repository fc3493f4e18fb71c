/** From noise to data: solvers that follow a velocity field along a grid of noise levels. */
export { checkGrid, timeGrid } from "./grid.ts";
export { type Sampler, SAMPLERS, type Stage, stagesOf } from "./samplers.ts";
export { solve, type SolveOptions, type SolveStep, type VelocityField } from "./solve.ts";
