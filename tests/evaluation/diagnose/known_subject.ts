import * as tf from "@tensorflow/tfjs-core";
import type { Subject } from "@course/evaluation/diagnose/subject.ts";
import { flowLoss, guidedVelocity, solve } from "@course/flow/mod.ts";
import type { Model } from "@course/models/mod.ts";
import { flowBatchSpec } from "@course/training/flow_feed.ts";
import { extendConfig } from "@course/training/config.ts";
import { createRandom, normals } from "@course/random.ts";
import { float32, int32 } from "@course/tensors.ts";
import { embeddingSpecs } from "@course/nn/mod.ts";
import smoke from "../../../configs/smoke.ts";

const POINTS = 4, SHAPE = [8, 8, 1] as const, SIZE = 64;

/**
 * A system without a network, in which everything is known: one example for each of four classes, and a model that says
 * the exact velocity (x − x0) / t of the example that it is asked for.
 */
export function knownSubject(changes: Partial<Subject> = {}): Subject {
  const x0 = normals(createRandom(3), POINTS * SIZE);
  const table = float32([POINTS + 1, SIZE], new Float32Array([...x0, ...new Float32Array(SIZE)]));
  const config = extendConfig(smoke, {
    objective: { prediction: "velocity" },
    sampling: { sampler: "euler", steps: 24, guidance: 1 },
  });
  const model = knownModel();
  return {
    name: "known",
    config,
    model,
    classes: ["a", "b", "c", "d"],
    rows: {
      size: POINTS,
      complete: true,
      shape: SHAPE,
      x0,
      labels: int32([POINTS], [0, 1, 2, 3]).data as Int32Array<ArrayBuffer>,
    },
    task: {
      loss: flowLoss(model),
      params: { "points.weight": table },
      batch: flowBatchSpec(SHAPE, 8, POINTS),
    },
    weights: { params: { "points.weight": table } },
    solve,
    guided: guidedVelocity,
    history: [],
    step: 1,
    ...changes,
  };
}

/** The exact field of the points in its parameters; `change` does something to what it says. */
export function knownModel(
  change: (velocity: tf.Tensor, inputs: { x: tf.Tensor; t: tf.Tensor }) => tf.Tensor = (v) => v,
): Model {
  return {
    name: "exact field",
    params: embeddingSpecs("points", POINTS + 1, SIZE),
    imageShape: SHAPE,
    classes: POINTS,
    apply(params, { x, t, label }) {
      const chosen = tf.gather(params["points.weight"]!, label!);
      const data = tf.reshape(chosen, [-1, ...SHAPE]);
      return change(tf.div(tf.sub(x, data), tf.reshape(t, [-1, 1, 1, 1])), { x, t });
    },
  };
}
