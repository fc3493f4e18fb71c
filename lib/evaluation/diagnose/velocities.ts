import { compile, type Device, type Program, type Value } from "../../engine/mod.ts";
import { conditionOf, LEAST_DIVISOR, modelVelocity } from "../../flow/mod.ts";
import { textSpec } from "../../models/mod.ts";
import { addPrefix, takePrefix, tensorSpecs } from "../../nn/mod.ts";
import { float32, sizeOf, type SpecRecord } from "../../tensors.ts";
import { conditionTensors, levelTensor, predictionOf, type Subject } from "./subject.ts";

/** What a subject's model is asked. */
export interface Question {
  /** Points x_t, one array each. */
  x: readonly Float32Array[];
  /** The noise level that the model is told for each. */
  t: readonly number[];
  /** The examples whose wishes the model is told. */
  wish: readonly number[];
  /** Tells it nothing instead. */
  nothing?: boolean;
  /** Strength of guidance, through the subject's own guidance; without it by default. */
  guidance?: number;
}

/** A subject's velocity field, with any weights. */
export interface Velocities {
  ask(weights: Record<string, Value>, question: Question): Promise<Float32Array<ArrayBuffer>[]>;
  dispose(): Promise<void>;
}

/** Points at once. */
const CHUNK = 16;

/** Compiles a subject's model so that its velocity can be asked for at any point. */
export function openVelocities(device: Device, subject: Subject): Velocities {
  const { model } = subject, size = sizeOf(model.imageShape);
  const programs = new Map<boolean, Promise<Program>>();
  const program = (guided: boolean) => {
    let found = programs.get(guided);
    if (!found) programs.set(guided, found = compileField(device, subject, guided));
    return found;
  };
  return {
    async ask(weights, { x, t, wish, nothing = false, guidance }) {
      const field = await program(guidance !== undefined);
      const found: Float32Array<ArrayBuffer>[] = [];
      for (let from = 0; from < x.length; from += CHUNK) {
        // Filled up with the last point: programs have fixed shapes.
        const places = Array.from({ length: CHUNK }, (_, i) => Math.min(from + i, x.length - 1));
        const points = new Float32Array(CHUNK * size);
        places.forEach((place, i) => points.set(x[place]!, i * size));
        const asked = places.map((place) => wish[place]!);
        const { velocity } = await field.run({
          ...addPrefix(weights, "weights"),
          x: float32([CHUNK, ...model.imageShape], points),
          t: levelTensor(places.map((place) => t[place]!)),
          ...conditionTensors(subject, asked, { nothing }),
          ...(guidance !== undefined && {
            scale: float32([], [guidance]),
            ...(model.text &&
              conditionTensors(subject, asked, { nothing: true, prefix: "negative" })),
          }),
        });
        const here = Math.min(CHUNK, x.length - from);
        for (let i = 0; i < here; i++) {
          found.push(velocity!.data.slice(i * size, (i + 1) * size) as Float32Array<ArrayBuffer>);
        }
      }
      return found;
    },
    async dispose() {
      for (const compiled of programs.values()) await (await compiled).dispose();
    },
  };
}

/** What the network itself says: where it predicts the data, x would come through into the velocity past it. */
export async function askOutputs(
  velocities: Velocities,
  { config }: Pick<Subject, "config">,
  weights: Record<string, Value>,
  question: Question,
): Promise<Float32Array[]> {
  const found = await velocities.ask(weights, question);
  if (config.objective.prediction === "velocity") return found;
  return found.map((velocity, i) => {
    const divisor = Math.max(question.t[i]!, LEAST_DIVISOR), x = question.x[i]!;
    return velocity.map((value, place) => x[place]! - divisor * value);
  });
}

function compileField(device: Device, subject: Subject, guided: boolean): Promise<Program> {
  const { model } = subject, options = predictionOf(subject);
  const plain = modelVelocity(model, options);
  const guide = guided ? subject.guided(model, options) : undefined;
  const texts = model.text && textSpec(model.text, CHUNK);
  const inputs: SpecRecord = {
    ...addPrefix(weightSpecs(subject), "weights"),
    x: { shape: [CHUNK, ...model.imageShape], dtype: "float32" },
    t: { shape: [CHUNK], dtype: "float32" },
    ...(model.classes > 0 && { label: { shape: [CHUNK], dtype: "int32" } as const }),
    ...(texts && addPrefix(texts, "text")),
    ...(guided && { scale: { shape: [], dtype: "float32" } as const }),
    ...(guided && texts && addPrefix(texts, "negative")),
  };
  return compile(device, (tensors) => {
    const params = takePrefix(tensors, "weights"), x = tensors.x!, t = tensors.t!;
    const wish = conditionOf(model, tensors);
    if (!guide) return { velocity: plain(params, { x, t, ...wish }) };
    const { text: negative } = conditionOf(model, tensors, "negative");
    const others = { scale: tensors.scale!, ...(negative && { negative }) };
    return { velocity: guide(params, { x, t, ...wish, ...others }) };
  }, inputs);
}

/** Shapes of a model's parameters. */
export function weightSpecs({ model }: Pick<Subject, "model">): SpecRecord {
  return tensorSpecs(model.params);
}
