import onnxProto from "onnx-proto";
import { createRandom, normals } from "../../lib/random.ts";

const { onnx } = onnxProto;
const [FLOAT, INT64, INT] = [1, 7, 2];

/** Words of the tiny tokenizer: each is put together from its letters by merges, as in byte-pair encoding. */
const WORDS = ["red", "chair", "dog"];
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz!"];
const [START, END] = ["<|startoftext|>", "<|endoftext|>"];

/** Merges that lead from letters to a word: "r e", "re d</w>". */
const merges = WORDS.flatMap((word) => {
  const parts = [...word.slice(0, -1), `${word.at(-1)}</w>`];
  return parts.slice(1).map((part, i) => [parts.slice(0, i + 1).join(""), part] as const);
});

/** Tokens by id, in the order of CLIP's own: letters, letters that end a word, merges, special tokens. */
export const TINY_VOCABULARY = [
  ...new Set([
    ...LETTERS,
    ...LETTERS.map((letter) => `${letter}</w>`),
    ...merges.map((pair) => pair.join("")),
    START,
    END,
  ]),
];

const id = (token: string) => TINY_VOCABULARY.indexOf(token);

/** A `tokenizer.json` of the form that CLIP's has. */
export const TINY_TOKENIZER = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: [START, END].map((content) => ({
    id: id(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: content === START,
    special: true,
  })),
  normalizer: {
    type: "Sequence",
    normalizers: [
      { type: "NFC" },
      { type: "Replace", pattern: { Regex: "\\s+" }, content: " " },
      { type: "Lowercase" },
    ],
  },
  pre_tokenizer: {
    type: "Sequence",
    pretokenizers: [
      {
        type: "Split",
        pattern: {
          Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
        },
        behavior: "Removed",
        invert: true,
      },
      { type: "ByteLevel", add_prefix_space: false, trim_offsets: true },
    ],
  },
  post_processor: {
    type: "RobertaProcessing",
    sep: [END, id(END)],
    cls: [START, id(START)],
    trim_offsets: false,
    add_prefix_space: false,
  },
  decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true },
  model: {
    type: "BPE",
    dropout: null,
    unk_token: END,
    continuing_subword_prefix: "",
    end_of_word_suffix: "</w>",
    fuse_unk: false,
    vocab: Object.fromEntries(TINY_VOCABULARY.map((token, i) => [token, i])),
    merges: merges.map((pair) => pair.join(" ")),
  },
};

/** A `tokenizer_config.json` of the form that CLIP's has. */
export const TINY_CONFIG = {
  bos_token: START,
  eos_token: END,
  pad_token: END,
  unk_token: END,
  model_max_length: 77,
  tokenizer_class: "CLIPTokenizer",
};

/** Width of the tiny model's hidden states. */
export const TINY_WIDTH = 8;

/** Its weights: a vector per token, and the projection to 512. */
export const tinyTable = normals(createRandom(1), TINY_VOCABULARY.length * TINY_WIDTH);
export const tinyProjection = normals(createRandom(2), TINY_WIDTH * 512);

/**
 * A model with the signature of CLIP's text model: `input_ids` and perhaps `attention_mask`, int64 [batch, sequence], to
 * `text_embeds` [batch, 512] and perhaps `last_hidden_state` [batch, sequence, 8].
 *
 * A hidden state is the sum of the token vectors up to it, so it looks back only; that of the end token (the largest
 * id, as in CLIP) is projected.
 */
export function tinyClip(
  { mask = true, hidden = true, input = "input_ids", width = 512 }: {
    mask?: boolean;
    hidden?: boolean;
    input?: string;
    width?: number;
  } = {},
): Uint8Array<ArrayBuffer> {
  const port = (name: string, elemType: number, dims: (string | number)[]) => ({
    name,
    type: {
      tensorType: {
        elemType,
        shape: {
          dim: dims.map((d) => typeof d === "string" ? { dimParam: d } : { dimValue: d }),
        },
      },
    },
  });
  const constant = (name: string, dims: number[], data: Float32Array | BigInt64Array) => ({
    name,
    dims,
    dataType: data instanceof Float32Array ? FLOAT : INT64,
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  });
  const node = (
    opType: string,
    input: string[],
    output: string[],
    attributes: Record<string, number> = {},
  ) => ({
    opType,
    input,
    output,
    attribute: Object.entries(attributes).map(([name, i]) => ({ name, type: INT, i })),
  });
  const ids = ["batch", "sequence"];
  return onnx.ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      name: "clip",
      initializer: [
        constant("table", [TINY_VOCABULARY.length, TINY_WIDTH], tinyTable),
        constant("projection", [TINY_WIDTH, width], tinyProjection.subarray(0, TINY_WIDTH * width)),
        constant("axis", [], BigInt64Array.of(1n)),
        constant("last", [1], BigInt64Array.of(2n)),
      ],
      node: [
        node("Gather", ["table", input], ["vectors"]),
        ...(mask
          ? [
            node("Cast", ["attention_mask"], ["used"], { to: FLOAT }),
            node("Unsqueeze", ["used", "last"], ["column"]),
            node("Mul", ["vectors", "column"], ["seen"]),
          ]
          : [node("Identity", ["vectors"], ["seen"])]),
        node("CumSum", ["seen", "axis"], ["last_hidden_state"]),
        node("ArgMax", [input], ["end"], { axis: 1, keepdims: 1 }),
        node("GatherND", ["last_hidden_state", "end"], ["pooled"], { batch_dims: 1 }),
        node("MatMul", ["pooled", "projection"], ["text_embeds"]),
      ],
      input: [port(input, INT64, ids), ...(mask ? [port("attention_mask", INT64, ids)] : [])],
      output: [
        port("text_embeds", FLOAT, ["batch", width]),
        ...(hidden ? [port("last_hidden_state", FLOAT, [...ids, TINY_WIDTH])] : []),
      ],
    },
  }).finish() as Uint8Array<ArrayBuffer>;
}
