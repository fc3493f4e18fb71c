import * as tf from "@tensorflow/tfjs-core";
import { silu, stopGradient } from "../../engine/ops/mod.ts";
import type { Model } from "../../models/mod.ts";
import { linear, linearSpecs } from "../../nn/mod.ts";
import { conditionOf } from "../condition.ts";
import { flowProblem, type PredictionOptions, tokensOf } from "../objective.ts";
import { interpolate } from "../path.ts";
import type { SelfFlow } from "./objective.ts";
import { fullOptions, type SelfFlowFull } from "./options.ts";
import { fullLevels, fullLevelSpec } from "./token_levels.ts";

/**
 * Self-Flow (Chefer et al. 2026): L = mean((v̂ − v)²) + weight · mean(1 − cos(h(student), teacher)). The student sees
 * two noise levels per image, the teacher, which is the moving average of the student, the lower of them everywhere;
 * h is a small network of two layers, used in training only. No gradient goes into the teacher.
 */
export function selfFlowFull(
  model: Model,
  options: SelfFlowFull,
  prediction: PredictionOptions = {},
): SelfFlow {
  const { count, width, depth } = tokensOf(model);
  const settings = fullOptions(options, depth);
  const { studentLayer, teacherLayer, weight } = settings;
  const head = { ...linearSpecs("head.0", width, width), ...linearSpecs("head.2", width, width) };

  return {
    params: head,
    teacher: true,
    batch: (batchSize) => fullLevelSpec(batchSize, count),
    draw: (draws) => fullLevels(settings, { ...draws, tokens: count }),
    loss({ params, auxiliary, batch, average }) {
      const { inputs, errorOf } = flowProblem(model, batch, prediction);
      const { output, tokens } = model.tokens!.withTokens(params, inputs, studentLayer);
      const said = linear(auxiliary, "head.2", silu(linear(auxiliary, "head.0", tokens)));
      const taught = stopGradient(() => {
        const t = batch.teacher_t!, x = interpolate(batch.x0!, batch.x1!, t);
        return model.tokens!.after(average, { x, t, ...conditionOf(model, batch) }, teacherLayer);
      });
      const disagreement = tf.mean(tf.sub(1, cosine(said, taught)));
      return tf.add(tf.mean(errorOf(output)), tf.mul(disagreement, weight));
    },
  };
}

/** Cosine of the angle between vectors: `[B, N, D]` twice → `[B, N]`. */
function cosine(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const squares = (x: tf.Tensor) => tf.sum(tf.square(x), 2);
  const lengths = tf.sqrt(tf.add(tf.mul(squares(a), squares(b)), 1e-12));
  return tf.div(tf.sum(tf.mul(a, b), 2), lengths);
}
