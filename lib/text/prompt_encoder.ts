/** What an encoder makes of B prompts. */
export interface EncodedText {
  /** One vector per prompt, of length 1 after normalisation: `[B, 512]`. */
  pooled: Float32Array<ArrayBuffer>;
  /** One vector per token, zero where a prompt is shorter: `[B, L, D]`. */
  tokens: Float32Array<ArrayBuffer>;
  /** 1 for tokens of the prompt, 0 for padding: `[B, L]`. */
  mask: Float32Array<ArrayBuffer>;
}

/** A frozen text encoder: prompts in, vectors out. */
export interface PromptEncoder {
  /** As in `--set text.encoder=NAME`. */
  readonly name: string;
  /** Differs whenever the same prompt gives other vectors: stored with shards and runs. */
  readonly fingerprint: string;
  /** Most tokens per prompt, L. */
  readonly length: number;
  /** Width of a token's vector, D. */
  readonly tokenWidth: number;
  /** Longer prompts are cut, unknown words are spelled; never fails for a text. */
  encode(prompts: readonly string[]): Promise<EncodedText>;
  dispose(): Promise<void>;
}

export { POOLED_WIDTH } from "../models/text_conditioning.ts";
