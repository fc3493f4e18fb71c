import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { chainFigure, latentChainFigure, type Link } from "@course/course/chain.ts";

Deno.test("chainFigure() lights the links that it is given and no others", () => {
  const figure = chainFigure("velocity", "loss");
  assertEquals(
    figure.text,
    "row → vectors → noise mix → [velocity] → [loss] → sampling → decode",
  );
  assertStringIncludes(figure.alt, "Here: velocity, loss.");
  assertEquals(figure.svg!.match(/fill="#0072b2"/g)!.length, 2);
  assertStringIncludes(figure.html!, "<img");
});

Deno.test("chainFigure() refuses a link that is not in the chain", () => {
  assertThrows(
    () => chainFigure("noise" as Link),
    'There is no link "noise": the chain is row → vectors → noise mix',
  );
});

Deno.test("latentChainFigure() has the same links, with captions and latents in their words", () => {
  const figure = latentChainFigure("row", "decode");
  assertEquals(
    figure.text,
    "[row] → vectors → noise mix → velocity → loss → sampling → [decode]",
  );
  assertStringIncludes(figure.svg!, "and its caption");
  assertStringIncludes(chainFigure("row").svg!, "and its label");
});
