import * as tf from "@tensorflow/tfjs-core";
import type { Device } from "../../../engine/mod.ts";
import { guide, modelVelocity, type solve } from "../../../flow/mod.ts";
import type { LatentCodec } from "../../../latents/codec.ts";
import { type Model, nullClass, type TextInputs } from "../../../models/mod.ts";
import { forkRandom, shuffle } from "../../../random.ts";
import { float32 } from "../../../tensors.ts";
import type { ConfigChanges } from "../../../training/config.ts";
import { gatherText } from "../../../training/examples.ts";
import type { MakeGuided, Rows } from "../subject.ts";
import type { Link } from "../links.ts";
import type { SystemName } from "./systems.ts";

/** A fault, as wrappers around the links that it breaks; links that are not named stay as they are. */
export interface Fault {
  key: string;
  /** For people. */
  what: string;
  /** What the tool should suspect first. */
  link: Link;
  system: SystemName;
  config?: ConfigChanges;
  /** Updates after which a brief training shows it; all of them where it shows only in what was learned. */
  brief?: number;
  /** Examples, as training and probes see them. */
  rows?(rows: Rows): Rows;
  /** The network, in training and in drawing. */
  model?(model: Model): Model;
  /** The network as the loss sees it alone. */
  learned?(model: Model): Model;
  codec?(codec: LatentCodec): LatentCodec;
  guided?: MakeGuided;
  solve?(right: typeof solve): typeof solve;
  /** What the training is computed by. */
  device?(device: Device): Device;
}

/** All planted faults. */
export const FAULTS: readonly Fault[] = [
  {
    key: "latent-scale",
    what: "latents are multiplied by 4 before training, and not divided again",
    link: "decoder scale",
    system: "latents",
    brief: 60,
    rows: (rows) => ({ ...rows, x0: rows.x0.map((value) => 4 * value) }),
  },
  {
    key: "decoder-scale",
    what: "latents are divided by the scaling factor twice before decoding",
    link: "decoder scale",
    system: "latents",
    brief: 60,
    codec: (codec) => ({
      ...codec,
      decode: (latents, shape) => codec.decode(latents.map((value) => value / 4), shape),
    }),
  },
  {
    key: "velocity-sign",
    what: "the target of the loss is x0 − x1",
    link: "objective",
    system: "latents",
    brief: 60,
    learned: (model) => after(model, (output) => tf.neg(output)),
  },
  {
    key: "velocity-scale",
    what: "the target of the loss is half of the velocity",
    link: "objective",
    system: "latents",
    brief: 60,
    learned: (model) => after(model, (output) => tf.mul(output, 2)),
  },
  {
    key: "swapped-axes",
    what: "unpatchify takes rows for columns",
    link: "architecture",
    system: "digits",
    brief: 60,
    model: (model) => after(model, (output) => tf.transpose(output, [0, 2, 1, 3])),
  },
  {
    key: "no-time",
    what: "t does not reach the network",
    link: "architecture",
    system: "digits",
    brief: 60,
    model: (model) => before(model, ({ t, ...inputs }) => ({ ...inputs, t: tf.zerosLike(t) })),
  },
  {
    key: "small-model",
    what: "a network of width 8 and one block",
    link: "architecture",
    system: "digits",
    config: { model: { kind: "dit", width: 8, depth: 1, heads: 1, patch: 4 } },
  },
  {
    key: "text-zeroed",
    what: "the texts' vectors are all zero",
    link: "conditioning",
    system: "latents",
    brief: 60,
    rows: (rows) => ({
      ...rows,
      text: {
        ...rows.text!,
        pooled: rows.text!.pooled.map(() => 0),
        tokens: rows.text!.tokens.map(() => 0),
      },
    }),
  },
  {
    key: "no-text",
    what: "the text does not reach the network",
    link: "conditioning",
    system: "latents",
    brief: 60,
    model: (model) => before(model, ({ text, ...inputs }) => ({ ...inputs, text: dropped(text!) })),
  },
  {
    key: "text-shuffled",
    what: "texts are encoded rightly and then get into another order",
    link: "conditioning",
    system: "latents",
    brief: 60,
    rows(rows) {
      const order = shuffle(forkRandom(0, "shuffled texts"), [...Array(rows.size).keys()]);
      return { ...rows, text: gatherText(rows.text!, order) };
    },
  },
  {
    key: "no-label",
    what: "every label is taken for the null class",
    link: "conditioning",
    system: "digits",
    brief: 60,
    model: (model) =>
      before(model, ({ label, ...inputs }) => ({
        ...inputs,
        label: tf.fill(label!.shape, nullClass(model), "int32"),
      })),
  },
  {
    key: "guidance-sign",
    what: "guidance leads away from the condition",
    link: "conditioning",
    system: "latents",
    brief: 60,
    guided: (model, options) => {
      const field = modelVelocity(model, options);
      return (params, { x, t, label, text, negative, scale }) => {
        const wished = field(params, { x, t, ...(label && { label }), ...(text && { text }) });
        const nothing = field(params, {
          x,
          t,
          ...(label && { label: tf.fill(label.shape, nullClass(model), "int32") }),
          ...(text && { text: negative ?? dropped(text) }),
        });
        return guide(wished, nothing, tf.neg(scale));
      };
    },
  },
  {
    key: "sampler-direction",
    what: "the sampler reads the field from t = 0 to t = 1",
    link: "sampler",
    system: "digits",
    brief: 60,
    solve: (right) => (field, x, options) => right((x, t) => field(x, 1 - t), x, options),
  },
  {
    key: "long-average",
    what: "the moving average has a half-life of 7,000 steps and no warm-up",
    link: "training",
    system: "latents",
    brief: 150,
    device: withAverage(0.9999),
  },
  {
    key: "learning-rate",
    what: "the learning rate is a hundred times as high",
    link: "training",
    system: "digits",
    brief: 150,
    config: { optimizer: { lr: 0.3 } },
  },
  {
    key: "captions-off-by-one",
    what: "every picture has the caption of the one after it",
    link: "data",
    system: "latents",
    brief: 60,
    rows(rows) {
      const order = [...Array(rows.size).keys()].map((i) => (i + 1) % rows.size);
      return {
        ...rows,
        captions: order.map((place) => rows.captions![place]!),
        text: gatherText(rows.text!, order),
      };
    },
  },
  {
    key: "labels-shuffled",
    what: "labels belong to other pictures",
    link: "data",
    system: "digits",
    brief: 60,
    rows: (rows) => ({
      ...rows,
      labels: shuffle(forkRandom(0, "shuffled labels"), rows.labels!.slice()),
    }),
  },
];

/** The network with something done to its output. */
function after(model: Model, change: (output: tf.Tensor) => tf.Tensor): Model {
  return { ...model, apply: (params, inputs) => change(model.apply(params, inputs)) };
}

/** The network with something done to its inputs. */
function before(
  model: Model,
  change: (inputs: Parameters<Model["apply"]>[1]) => Parameters<Model["apply"]>[1],
): Model {
  return { ...model, apply: (params, inputs) => model.apply(params, change(inputs)) };
}

/** The null text in place of every text. */
function dropped(text: TextInputs): TextInputs {
  return { ...text, keep: tf.zerosLike(text.keep) };
}

/** A device on which the moving average of training steps has a decay of its own. */
function withAverage(decay: number) {
  const input = "scalar:emaDecay";
  return (device: Device): Device => ({
    ...device,
    async prepare(...args) {
      const program = await device.prepare(...args);
      return {
        ...program,
        run: (inputs, options) =>
          program.run(
            input in inputs ? { ...inputs, [input]: float32([], [decay]) } : inputs,
            options,
          ),
      };
    },
  });
}
