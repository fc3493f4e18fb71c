/** Frozen text encoders behind one interface: prompts in, vectors out. */
export { type EncodedText, POOLED_WIDTH, type PromptEncoder } from "./prompt_encoder.ts";
export {
  openTextEncoder,
  TEXT_ENCODERS,
  type TextEncoderName,
  type TextEncoderOptions,
} from "./open_encoder.ts";
export {
  buildVocabulary,
  createTokenizer,
  longestMatch,
  SPECIAL_TOKENS,
  splitWords,
  type Tokenizer,
} from "./tokenizer.ts";
export { type ImageEncoder, openImageTower } from "./image_encoder.ts";
export { TOWERS } from "./tower_files.ts";
