import { join } from "node:path";
import type { Device } from "../../engine/mod.ts";
import { openCodec } from "../../latents/mod.ts";
import { judgePictures } from "./judge_pictures.ts";
import { describeAccuracy, encodeJudge, loadPictureJudge } from "./judge_weights.ts";
import { testPictureJudge, trainPictureJudge } from "./train_picture_judge.ts";

/** Pictures that the judge learns from, and that it is measured with. */
const TRAIN = 24_000, HELDOUT = 3_000;
/** The held-out pictures have a seed of their own, so that those of other measurements are others. */
const HELDOUT_SEED = 1_000;

type Print = (line: string) => void;

/** Trains the judge of pictures, prints its held-out accuracies and keeps it in a folder. */
export async function trainJudge(
  device: Device,
  { steps, seed, out }: { steps: number; seed: number; out: string },
  print: Print,
): Promise<void> {
  const start = performance.now(), path = join(out, "pictures.safetensors");
  const train = await judgePictures("train", TRAIN, seed);
  const heldout = await judgePictures("heldout", HELDOUT, HELDOUT_SEED);
  print(`pictures: ${steps} steps on ${train.description}`);
  let sum = 0;
  const weights = await trainPictureJudge(device, train, heldout, {
    recipe: { steps, seed },
    onStep(step, loss) {
      sum += loss;
      if (step % 100 !== 0) return;
      print(`  step ${step}: loss ${(sum / 100).toFixed(3)}`);
      sum = 0;
    },
  });
  const bytes = encodeJudge(weights);
  await Deno.mkdir(out, { recursive: true });
  await Deno.writeFile(path, bytes);
  print(`held-out accuracy on ${heldout.description}`);
  print(describeAccuracy(weights.card.heldout));
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  print(`${minutes} min; kept in ${path}, ${(bytes.length / 1e6).toFixed(2)} MB`);
}

/** Measures the judge that is there with held-out pictures, also with what an autoencoder leaves of them. */
export async function checkJudge(
  device: Device,
  { out, codec: name }: { out: string; codec: string | undefined },
  print: Print,
): Promise<void> {
  const weights = await loadPictureJudge(out);
  const codec = name === undefined ? undefined : await openCodec(name, { device });
  const heldout = await judgePictures("heldout", HELDOUT, HELDOUT_SEED);
  print(`pictures: accuracy on ${heldout.description}`);
  print(describeAccuracy(await testPictureJudge(device, weights, heldout)));
  if (codec) {
    print(`the same pictures encoded and decoded by ${name}`);
    print(describeAccuracy(await testPictureJudge(device, weights, heldout, { codec })));
    await codec.dispose();
  }
  const { seed, recipe, trained_on } = weights.card;
  print(`  seed ${seed}; ${recipe}`);
  print(`  trained on ${trained_on}`);
}
