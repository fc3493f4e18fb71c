import { assert, assertEquals } from "@std/assert";
import { pictureWords } from "../../lib/data/mod.ts";
import { probeEncoder } from "../../lib/evaluation/text_probe.ts";
import {
  openTextEncoder,
  POOLED_WIDTH,
  type PromptEncoder,
  splitWords,
} from "../../lib/text/mod.ts";

/** An encoder whose pooled vector has a number for each word of the grammar, and whose token is always the same. */
function wordCounts(): PromptEncoder {
  const words = pictureWords().flatMap((word) => [...splitWords(word)]);
  return {
    name: "counts",
    fingerprint: "counts",
    length: 1,
    tokenWidth: 2,
    encode(prompts) {
      const pooled = new Float32Array(prompts.length * POOLED_WIDTH);
      prompts.forEach((prompt, row) => {
        for (const word of splitWords(prompt)) pooled[row * POOLED_WIDTH + words.indexOf(word)] = 1;
      });
      const ones = (width: number) => new Float32Array(prompts.length * width).fill(1);
      return Promise.resolve({ pooled, tokens: ones(2), mask: ones(1) });
    },
    dispose: () => Promise.resolve(),
  };
}

const options = { fitted: 600, judged: 300 };

Deno.test("what a single word says is read, and nothing from vectors that are all the same", async () => {
  const { pooled, tokens } = await probeEncoder(wordCounts(), options);
  for (const fact of ["size", "relation"]) assert(pooled[fact]! > 0.95, `${fact} ${pooled[fact]}`);
  assert(pooled.noun! > 0.5, `noun ${pooled.noun}`);
  assert(tokens.noun! < 0.1, `noun from nothing ${tokens.noun}`);
  assert(tokens.relation! < 0.5, `relation from nothing ${tokens.relation}`);
});

Deno.test("a probe gives the same numbers each time, and others for unseen combinations", async () => {
  const encoder = await openTextEncoder("bag-of-words");
  const small = { fitted: 200, judged: 100 };
  const first = await probeEncoder(encoder, small);
  assertEquals(await probeEncoder(encoder, small), first);
  const unseen = await probeEncoder(encoder, { ...small, combinations: "unseen" });
  assert(JSON.stringify(unseen) !== JSON.stringify(first));
});
