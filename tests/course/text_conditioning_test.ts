import * as tf from "@tensorflow/tfjs-core";
import { callInProcess } from "@course/course/call_in_process.ts";
import { TEXT_CONDITIONING } from "@course/course/exercises/04_text/mod.ts";
import { runChecks } from "@course/course/run_checks.ts";
import { contrastiveLoss as libraryLoss } from "@course/models/contrastive_loss.ts";
import { pooledText, pooledTextSpecs } from "@course/models/text_conditioning.ts";
import { initialise } from "@course/nn/mod.ts";
import { createRandom, normals } from "@course/random.ts";
import { contrastiveLoss, dropText, tokenise } from "@solutions/04_text.ts";
import { createTokenizer, SPECIAL_TOKENS } from "@course/text/tokenizer.ts";
import { assert, assertAllClose, assertEquals } from "@std/assert";

/** Right answers written in other ways than the solution. */
// deno-lint-ignore no-explicit-any
const OTHERS: Record<string, ((...args: any[]) => unknown)[]> = {
  "4.1": [
    (text: string, vocabulary: string[]) => {
      const longest = vocabulary.toSorted((a, b) => b.length - a.length);
      return text.toLowerCase().split(" ").flatMap((word) => {
        const answer = [];
        for (let rest = word; rest !== "";) {
          const piece = rest === word
            ? longest.find((piece) => rest.startsWith(piece))
            : longest.find((piece) => piece.startsWith("##") && `##${rest}`.startsWith(piece));
          answer.push(piece ?? "<unknown>");
          rest = rest.slice(piece ? piece.replace("##", "").length : 1);
        }
        return answer;
      });
    },
  ],
  "4.2": [
    // The mean's length does not matter: the sum points the same way.
    (tokens: tf.Tensor, mask: tf.Tensor) => {
      const sum = tf.squeeze(tf.matMul(tf.expandDims(mask, 1), tokens), [1]);
      return tf.div(sum, tf.norm(sum, 2, 1, true));
    },
  ],
  "4.3": [
    (pictures: tf.Tensor, texts: tf.Tensor, scale: number) => {
      const scores = tf.mul(scale, tf.matMul(pictures, tf.transpose(texts)));
      const right = tf.sum(tf.mul(tf.eye(pictures.shape[0]!), scores), 0);
      const rows = tf.sub(tf.logSumExp(scores, 1), right);
      const columns = tf.sub(tf.logSumExp(scores, 0), right);
      return tf.mean(tf.concat([rows, columns]));
    },
  ],
  "4.4": [
    (queries: tf.Tensor, keys: tf.Tensor, values: tf.Tensor, mask: tf.Tensor) => {
      const scores = tf.mul(
        tf.matMul(queries, tf.transpose(keys, [0, 2, 1])),
        queries.shape[2]! ** -0.5,
      );
      const open = tf.tile(tf.expandDims(tf.cast(mask, "bool"), 1), [1, queries.shape[1]!, 1]);
      const weights = tf.softmax(tf.where(open, scores, tf.fill(scores.shape, -1e9)));
      return tf.matMul(weights, values);
    },
  ],
  "4.5": [
    (text: tf.Tensor, keep: tf.Tensor, nothing: tf.Tensor) => {
      const kept = tf.reshape(tf.cast(keep, "bool"), [-1, ...text.shape.slice(1).map(() => 1)]);
      return tf.where(
        tf.logicalAnd(kept, tf.onesLike(tf.cast(text, "bool"))),
        text,
        tf.add(tf.zerosLike(text), nothing),
      );
    },
  ],
  "4.6": [
    (pictures: tf.Tensor) => {
      const [prompts, noises] = pictures.shape as [number, number];
      const spread = (axis: number, count: number) => {
        const variance = tf.moments(pictures, axis).variance;
        return tf.mean(variance).dataSync()[0]! * count / (count - 1);
      };
      return Math.sqrt(spread(0, prompts) / spread(1, noises));
    },
  ],
};

for (const exercise of TEXT_CONDITIONING) {
  Deno.test(`exercise ${exercise.id} accepts right answers that are written in another way`, async () => {
    const others = OTHERS[exercise.id]!;
    assert(others.length > 0);
    for (const other of others) {
      const report = await runChecks(exercise, callInProcess(other));
      assert(report.passed, JSON.stringify(report.results.at(-1)));
    }
  });
}

Deno.test("the solution of 4.1 spells words as the library's tokenizer does", () => {
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const pieces = ["chair", "red", "##ch", "##ai", "##s", "on", "##air", "##e"];
  const vocabulary = [...SPECIAL_TOKENS, ...letters, ...letters.map((l) => `##${l}`), ...pieces];
  const tokenizer = createTokenizer(vocabulary, 16);
  for (const text of ["a red chair", "Chairs on reddish armchairs", "ünser chaise5"]) {
    const plain = text.normalize("NFKD").replace(/\p{M}/gu, "");
    assertEquals(tokenise(plain, vocabulary), tokenizer.tokenize(text));
  }
});

Deno.test("the solution of 4.3 is the loss that the towers are trained with", () => {
  const random = createRandom(1);
  const vectors = () => {
    const rows = tf.tensor2d(normals(random, 5 * 8), [5, 8]);
    return tf.div(rows, tf.norm(rows, 2, 1, true));
  };
  const pictures = vectors(), texts = vectors();
  const ours = contrastiveLoss(pictures, texts, 7).dataSync();
  assertAllClose(ours, libraryLoss(pictures, texts, tf.scalar(Math.log(7))).dataSync(), 1e-5);
});

Deno.test("the solution of 4.5 drops a pooled text as the diffusion transformer does", () => {
  const params = Object.fromEntries(
    Object.entries(initialise(pooledTextSpecs(16), createRandom(2)))
      .map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );
  const pooled = tf.tensor2d(normals(createRandom(3), 3 * 512), [3, 512]);
  const text = (pooled: tf.Tensor, keep: number[]) => ({
    pooled,
    tokens: tf.zeros([3, 1, 1]),
    mask: tf.ones([3, 1]),
    keep: tf.tensor1d(keep),
  });
  const null512 = tf.div(params.null_text!, Math.sqrt(512));
  const dropped = dropText(pooled, tf.tensor1d([1, 0, 1]), null512);
  assertAllClose(
    pooledText(params, text(dropped, [1, 1, 1])).dataSync(),
    pooledText(params, text(pooled, [1, 0, 1])).dataSync(),
    1e-4,
  );
});
