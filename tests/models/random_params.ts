import { initialise, normal, type ParamSpecs, toTensors } from "../../lib/nn/mod.ts";
import { createRandom } from "../../lib/random.ts";

/** Parameters that are all random, so that nothing is switched off; the deviation may depend on the name. */
export function randomParams(specs: ParamSpecs, deviation: number | ((name: string) => number)) {
  const deviationOf = typeof deviation === "number" ? () => deviation : deviation;
  const wild = Object.entries(specs).map((
    [name, spec],
  ) => [name, { ...spec, init: normal(deviationOf(name)) }]);
  return toTensors(initialise(Object.fromEntries(wild), createRandom(1)));
}
