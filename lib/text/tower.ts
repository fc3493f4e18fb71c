import { createHash } from "node:crypto";
import { type OnnxModel, openOnnx } from "../engine/mod.ts";
import { POOLED_WIDTH, type PromptEncoder } from "./prompt_encoder.ts";
import { createTokenizer } from "./tokenizer.ts";
import { damaged, readTowerAbout, readTowerFile, type TowerFile } from "./tower_files.ts";

/**
 * Opens the text tower that comes with the course, or another from its folder (`tower.json`, `tower.onnx`).
 *
 * Tokens are start, words, end; D = 128, each vector of mean 0 and variance 1 before a learned scale. Throws a
 * RangeError that says which file is missing or damaged.
 */
export async function openTextTower(folder?: string): Promise<PromptEncoder> {
  const about = await readTowerAbout(folder);
  const bytes = await readTowerFile("text", folder);
  const { vocabulary, length, tokenWidth, batch } = about;
  const tokenizer = createTokenizer(vocabulary, length);
  const model = await openOnnx(bytes).catch((error) => {
    throw damaged("text", folder, (error as Error).message);
  });
  checkSignature(model, about, folder);
  const fingerprint = createHash("sha256").update(bytes).update(JSON.stringify(vocabulary))
    .digest("hex").slice(0, 16);

  return {
    name: "tower",
    fingerprint: `tower:${fingerprint}`,
    length,
    tokenWidth,
    async encode(prompts) {
      const count = prompts.length;
      const result = {
        pooled: new Float32Array(count * POOLED_WIDTH),
        tokens: new Float32Array(count * length * tokenWidth),
        mask: new Float32Array(count * length),
      };
      // The file takes a fixed number of texts: the last chunk is filled up with empty ones.
      for (let start = 0; start < count; start += batch) {
        const texts = prompts.slice(start, start + batch);
        const ids = new Int32Array(batch * length);
        ids.set(tokenizer.encode(texts));
        const run = await model.run({ ids: { data: ids, shape: [batch, length] } });
        const take = (name: keyof typeof result, width: number) => {
          const values = run[name]!.data as Float32Array<ArrayBuffer>;
          result[name].set(values.subarray(0, texts.length * width), start * width);
        };
        take("pooled", POOLED_WIDTH);
        take("tokens", length * tokenWidth);
        take("mask", length);
      }
      return result;
    },
    dispose: () => model.dispose(),
  };
}

function checkSignature(
  { inputs, outputs }: OnnxModel,
  { batch, length, tokenWidth }: TowerFile,
  folder: string | undefined,
): void {
  const came = [...inputs, ...outputs].map(({ name, dtype, shape }) => {
    return `${name} ${dtype}[${shape.join(", ")}]`;
  }).sort().join(", ");
  const expected = [
    `ids int32[${batch}, ${length}]`,
    `mask float32[${batch}, ${length}]`,
    `pooled float32[${batch}, ${POOLED_WIDTH}]`,
    `tokens float32[${batch}, ${length}, ${tokenWidth}]`,
  ].join(", ");
  if (came !== expected) throw damaged("text", folder, `it has ${came}, expected ${expected}`);
}
