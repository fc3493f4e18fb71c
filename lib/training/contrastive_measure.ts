import * as tf from "@tensorflow/tfjs-core";
import { SAID_CHOICES } from "../data/pictures/said.ts";
import { compile, type Device, type Value } from "../engine/mod.ts";
import { contrastiveLoss } from "../models/contrastive_loss.ts";
import type { ImageTower } from "../models/image_tower.ts";
import { POOLED_WIDTH } from "../models/text_conditioning.ts";
import type { TextTower } from "../models/text_tower.ts";
import {
  addPrefix,
  constant,
  linear,
  linearSpecs,
  param,
  type ParamSpecs,
  takePrefix,
} from "../nn/mod.ts";
import type { HostRecord, SpecRecord, TensorRecord } from "../tensors.ts";
import { alsoTrue, type contrastiveBatches } from "./contrastive_feed.ts";
import { RETRIEVAL, retrieval, type RetrievalNumbers } from "./retrieval.ts";

/** A text tower and the image tower that learns beside it. */
export interface Towers {
  text: TextTower;
  images: ImageTower;
}

/** Parameters of both towers, the temperature, and the heads that are thrown away after training. */
export function contrastiveSpecs(
  { text, images }: Towers,
  withHeads: boolean,
): ParamSpecs {
  const classes = SAID_CHOICES.reduce((sum, { values }) => sum + values.length + 1, 0);
  const tokenWidth = text.params["norm.weight"]!.shape[0]!;
  return {
    ...addPrefix(text.params, "text"),
    ...addPrefix(images.params, "images"),
    // 1 / 0.07, as in CLIP.
    logit_scale: param([], constant(Math.log(1 / 0.07))),
    ...(withHeads && {
      ...linearSpecs("heads.pooled", POOLED_WIDTH, classes),
      ...linearSpecs("heads.tokens", tokenWidth, classes),
    }),
  };
}

/**
 * Vectors and loss of a batch. Beside the contrastive loss, linear heads read from a caption's vectors what it says:
 * from the pooled one and from the mean of its tokens, so that neither loses a fact that few pictures hinge on.
 */
export function contrastiveMeasure(
  towers: Towers,
  factsWeight: number,
): (params: TensorRecord, batch: TensorRecord) => TensorRecord {
  return (params, { images, ids, alsoTrue, wrongIds, said }) => {
    const vectors = towers.images.apply(takePrefix(params, "images"), images!);
    const all = wrongIds ? tf.concat([ids!, wrongIds], 0) : ids!;
    const { pooled, tokens, mask } = towers.text.apply(takePrefix(params, "text"), all);
    const [texts, wrongTexts] = wrongIds ? tf.split(pooled, 2, 0) : [pooled];
    let loss: tf.Tensor = contrastiveLoss(vectors, texts!, params.logit_scale!, {
      alsoTrue: alsoTrue!,
      ...(wrongTexts && { wrongTexts }),
    });
    if (said && factsWeight > 0) {
      const mean = tf.div(tf.sum(tokens, 1), tf.sum(mask, 1, true));
      const scaled = tf.mul(pooled, Math.sqrt(POOLED_WIDTH));
      const read = tf.add(
        factsLoss(linear(params, "heads.pooled", scaled), said),
        factsLoss(linear(params, "heads.tokens", mean), said),
      );
      loss = tf.add(loss, tf.mul(read, factsWeight));
    }
    // Whether the image fits its caption better than the wrong one.
    const fit = (other: tf.Tensor) => tf.sum(tf.mul(vectors, other), 1);
    const right = wrongTexts && tf.cast(tf.greater(fit(texts!), fit(wrongTexts)), "float32");
    return { loss, vectors, texts: texts!, ...(right && { right }) };
  };
}

/** How much a caption that says nothing of a fact counts, beside one that says it. */
const NOT_SAID = 0.1;

/**
 * Cross-entropy of what captions say, the sum over facts: logits `[N, all classes]`, said int32 `[N, facts]`.
 *
 * For each fact the mean is mostly over the captions that say it: of a second colour only few do.
 */
function factsLoss(logits: tf.Tensor, said: tf.Tensor): tf.Tensor {
  const sizes = SAID_CHOICES.map(({ values }) => values.length + 1);
  const classes = tf.split(said, SAID_CHOICES.length, 1);
  const losses = tf.split(logits, sizes, 1).map((part, i) => {
    const right = tf.cast(tf.oneHot(tf.reshape(classes[i]!, [-1]), sizes[i]!), "float32");
    const each = tf.neg(tf.sum(tf.mul(right, tf.logSoftmax(part)), -1, true));
    const isSaid = tf.sub(1, tf.slice(right, [0, 0], [right.shape[0]!, 1]));
    const weight = tf.add(tf.mul(isSaid, 1 - NOT_SAID), NOT_SAID);
    return tf.div(tf.sum(tf.mul(each, weight)), tf.sum(weight));
  });
  return tf.addN(losses);
}

/** Compiles the measurement of loss and retrieval on fixed batches. */
export async function compileMeasurement(
  device: Device,
  measure: (params: TensorRecord, batch: TensorRecord) => TensorRecord,
  { specs, batch }: { specs: ParamSpecs; batch: SpecRecord },
) {
  const weightSpecs = Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => {
      return [name, { shape, dtype: "float32" as const }];
    }),
  );
  const program = await compile(device, (inputs) => {
    return measure(takePrefix(inputs, "weights"), takePrefix(inputs, "batch"));
  }, { ...addPrefix(weightSpecs, "weights"), ...addPrefix(batch, "batch") });

  return {
    over({ batches, captions, facts }: ReturnType<typeof contrastiveBatches>) {
      const count = Math.min(RETRIEVAL, captions.length);
      const doubtful = alsoTrue(captions.slice(0, count), facts?.slice(0, count));
      return {
        async measure(weights: Record<string, Value>) {
          const parts: HostRecord[] = [];
          for (const one of batches) {
            const inputs = { ...addPrefix(weights, "weights"), ...addPrefix(one, "batch") };
            parts.push(await program.run(inputs));
          }
          const all = (name: string) => parts.flatMap((part) => [...part[name]!.data]);
          const first = (name: string) => {
            return Float32Array.from(all(name).slice(0, count * POOLED_WIDTH));
          };
          const pairs = { images: first("vectors"), texts: first("texts") };
          const numbers: RetrievalNumbers = {
            ...retrieval(pairs.images, pairs.texts, doubtful),
            ...(facts && { right_over_wrong: mean(all("right")) }),
          };
          return { loss: { loss: mean(all("loss")), bins: [], numbers }, pairs };
        },
      };
    },
    dispose: () => program.dispose(),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
