import type { Device } from "../../engine/mod.ts";
import { type DataEvidence, probeData } from "./data.ts";
import { type DecoderEvidence, probeDecoder } from "./decoder.ts";
import { type FieldEvidence, probeField } from "./field.ts";
import { type LearningEvidence, probeLearning } from "./learning.ts";
import { type DrawnExamples, probeResult, type ResultEvidence } from "./result.ts";
import { probeSampler, type SamplerEvidence } from "./sampler.ts";
import type { Subject } from "./subject.ts";
import { probeTexts, type TextEvidence } from "./texts.ts";
import { openVelocities } from "./velocities.ts";
import { probeWiring, type Wiring } from "./wiring.ts";

/** All that was measured, as plain numbers; goes into JSON as it is. */
export interface Evidence {
  data: DataEvidence;
  decoder: DecoderEvidence | null;
  texts: TextEvidence | null;
  wiring: Wiring;
  sampler: SamplerEvidence;
  learning: LearningEvidence;
  /** Of the weights as they were trained last. */
  field: FieldEvidence;
  result: ResultEvidence;
}

/** Options of {@linkcode examine}. */
export interface ExamineOptions {
  /** Examples to draw, 32 by default. */
  samples?: number;
  onStage?: (stage: string) => void;
}

/** Measures every link of a system, each by itself as far as that can be done. */
export async function examine(
  device: Device,
  subject: Subject,
  { samples = 32, onStage = () => {} }: ExamineOptions = {},
): Promise<{ evidence: Evidence; drawn: DrawnExamples }> {
  const velocities = openVelocities(device, subject);
  try {
    onStage("Looking at the data");
    const data = await probeData(device, subject);
    onStage("Encoding and decoding");
    const decoder = await probeDecoder(subject), texts = await probeTexts(subject);
    onStage("Trying the wiring of the network");
    const wiring = await probeWiring(velocities, subject);
    onStage("Sampling in a known field");
    const sampler = await probeSampler(subject);
    onStage("Comparing the velocity with the exact one");
    const learning = await probeLearning(device, velocities, subject);
    const field = await probeField(velocities, subject, subject.weights.params);
    onStage(`Drawing ${Math.min(samples, subject.rows.size)} examples`);
    const { drawn, ...result } = await probeResult(velocities, subject, { samples });
    const evidence = { data, decoder, texts, wiring, sampler, learning, field, result };
    return { evidence, drawn };
  } finally {
    await velocities.dispose();
  }
}
