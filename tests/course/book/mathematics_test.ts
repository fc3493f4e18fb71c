import { assertEquals } from "@std/assert";
import {
  isFormula,
  setMathematics,
  setMathematicsBetweenTags,
} from "@course/course/book/mathematics.ts";

Deno.test("setMathematics() puts indices below and powers above", () => {
  assertEquals(
    setMathematics("x_t = (1 − t)·x0"),
    "<var>x<sub>t</sub></var> = (1 − t)·x0",
  );
  assertEquals(
    setMathematics("e^1.099 = 3 and e^0 = 1"),
    "e<sup>1.099</sup> = 3 and e<sup>0</sup> = 1",
  );
  assertEquals(setMathematics("10000^(−k / K)"), "10000<sup>−k / K</sup>");
  assertEquals(
    setMathematics("x / (1 + e^(−x))"),
    "x / (1 + e<sup>−x</sup>)",
  );
});

Deno.test("setMathematics() leaves names of code alone", () => {
  assertEquals(setMathematics("class_accuracy, no_x_y, a_b_c"), "class_accuracy, no_x_y, a_b_c");
});

Deno.test("setMathematicsBetweenTags() changes no attribute", () => {
  assertEquals(
    setMathematicsBetweenTags('<a href="x_t">x_t</a>'),
    '<a href="x_t"><var>x<sub>t</sub></var></a>',
  );
});

Deno.test("isFormula() tells formulas from sentences", () => {
  for (
    const formula of [
      "loss = mean of ( net(x, t) − (x1 − x0) )²",
      "v(x, t) = mean of x1 − x0 over all pairs with x = x",
      "[B, H, W, C] → [B, N, p·p·C]",
      "y = (1 + scale) · x + shift",
    ]
  ) assertEquals(isFormula(formula), true, formula);
  for (
    const sentence of [
      "A noisy picture is x = (1 − t)·x0 + t·x1, and drawing goes back.",
      "Take the token (1, 3).",
      "The loss x = 4 is small.",
    ]
  ) assertEquals(isFormula(sentence), false, sentence);
});
