import { assert, assertEquals, assertThrows } from "@std/assert";
import { pictureWords } from "../../lib/data/mod.ts";
import {
  buildVocabulary,
  createTokenizer,
  longestMatch,
  SPECIAL_TOKENS,
  splitWords,
} from "../../lib/text/mod.ts";

const vocabulary = buildVocabulary(["a red chair on blue", "a horse", "horses of a red house"]);
const tokenizer = createTokenizer(vocabulary, 8);

Deno.test("words of the vocabulary are one token each", () => {
  assertEquals(tokenizer.tokenize("a red chair"), ["a", "red", "chair"]);
});

Deno.test("small and capital letters, accents and punctuation make no difference", () => {
  assertEquals([...splitWords("A RED, chaïr!\n(on “blue”)")], ["a", "red", "chair", "on", "blue"]);
  assertEquals([...splitWords("medium-sized")], ["medium", "sized"]);
  assertEquals([...splitWords("2×🐶 dogs")], ["2", "×", "🐶", "dogs"]);
});

Deno.test("an unknown word begins with the longest known one", () => {
  // "horses" is known too, and longer than "horse".
  for (const [word, first] of [["horseshoe", "horses"], ["horseman", "horse"]] as const) {
    const pieces = tokenizer.tokenize(word);
    assertEquals(pieces[0], first);
    assertEquals(pieces.map((piece) => piece.replace("##", "")).join(""), word);
  }
});

Deno.test("`longestMatch()` takes the longest piece that fits, from the left, and never looks back", () => {
  const pieces = new Set(["ab", "abc", "##d", "##de", "##c", "##cd", "a", "##b"]);
  assertEquals(longestMatch("abcde", pieces), ["abc", "##de"]);
  assertEquals(longestMatch("abcd", pieces), ["abc", "##d"]);
  assertEquals(longestMatch("abd", pieces), ["ab", "##d"]);
  // "##de" is known inside a word, not at its start.
  assertEquals(longestMatch("de", pieces), ["<unknown>", "<unknown>"]);
  assertEquals(longestMatch("", pieces), []);
});

Deno.test("pieces of any word in plain letters give the word back", () => {
  for (
    const word of ["zyzzyva", "q", "0x1f", "chairs", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
  ) {
    const pieces = tokenizer.tokenize(word);
    assertEquals(pieces.map((piece) => piece.replace(/^##/, "")).join(""), word);
  }
});

Deno.test("no text is an error: signs of other scripts and emoji become <unknown>", () => {
  assertEquals(tokenizer.tokenize("椅子 🪑"), ["<unknown>", "<unknown>", "<unknown>"]);
  const texts = [
    "",
    " \n\t",
    "\ud800 lone",
    "\u0000",
    "!?",
    "ﬁre",
    "x".repeat(100_000),
    "ä̈́".repeat(99),
  ];
  const ids = tokenizer.encode(texts);
  assertEquals(ids.length, texts.length * 8);
  assert(ids.every((id) => id >= 0 && id < vocabulary.length));
});

Deno.test("texts are ids between start and end, then padding; what is too long is cut before its end", () => {
  const [pad, , start, end] = [0, 1, 2, 3];
  const id = (token: string) => vocabulary.indexOf(token);
  assertEquals([...tokenizer.encode(["a red chair"])], [
    start,
    id("a"),
    id("red"),
    id("chair"),
    end,
    pad,
    pad,
    pad,
  ]);
  assertEquals([...tokenizer.encode([""])], [start, end, pad, pad, pad, pad, pad, pad]);
  const long = [...tokenizer.encode(["red ".repeat(50)])];
  assertEquals(long, [start, ...Array(6).fill(id("red")), end]);
});

Deno.test("spelling on purpose takes pieces of at most so many letters, for the words that are asked for", () => {
  const spell = (word: string) => word === "chair" ? 1 : 0;
  assertEquals(tokenizer.tokenize("red chair", { spell }), [
    "red",
    "c",
    "##h",
    "##a",
    "##i",
    "##r",
  ]);
});

Deno.test("a vocabulary depends on its words alone, not on their order or number", () => {
  const again = buildVocabulary(["horses house of", "red red red", "a chair", "blue on horse"]);
  assertEquals(again, vocabulary);
  assertEquals(vocabulary.slice(0, 4), [...SPECIAL_TOKENS]);
  assertEquals(new Set(vocabulary).size, vocabulary.length);
  assert(vocabulary.includes("##se"), "what many words have in common is a piece");
});

Deno.test("all words of `pictures` are one token each, and the longest caption fits into 24", () => {
  const pictures = createTokenizer(buildVocabulary(pictureWords()), 24);
  for (const word of pictureWords()) {
    for (const part of splitWords(word)) assertEquals(pictures.tokenize(part), [part]);
  }
  const longest =
    "a picture of three medium-sized purple strawberries to the left of three purple " +
    "strawberries in front of a purple background";
  assertEquals(pictures.tokenize(longest).length, 21);
});

Deno.test("a vocabulary without special tokens, and an impossible length, are refused", () => {
  assertThrows(() => createTokenizer(["a", "b"], 8), "expected <pad>, <unknown>, <start>, <end>");
  assertThrows(() => createTokenizer(vocabulary, 2), "expected a whole number from 3");
});
