import { assertEquals, assertThrows } from "@std/assert";
import { buildModel, type ModelConfig, nullClass } from "../../lib/models/mod.ts";

const image = [28, 28, 1] as const;

Deno.test("`buildModel()` takes a preset and changes single numbers of it", () => {
  const model = buildModel({ kind: "dit", preset: "tiny", imageShape: image, depth: 2, patch: 7 });
  assertEquals(model.name, "dit (width 128, depth 2, heads 4, patch 7)");
  assertEquals(model.params["patch_embedding.weight"]!.shape, [49, 128]);
  assertEquals(model.imageShape, image);
  assertEquals(model.classes, 0);
});

Deno.test("`buildModel()` keeps the conditioning width apart from the width", () => {
  const model = buildModel({
    kind: "dit",
    imageShape: image,
    width: 32,
    depth: 1,
    heads: 2,
    conditioningWidth: 80,
  });
  assertEquals(model.params["blocks.0.modulation.weight"]!.shape, [80, 6 * 32]);
  assertEquals(model.params["time_embedding.0.weight"]!.shape, [32, 80]);
});

Deno.test("the null class of a model comes after its classes", () => {
  const model = buildModel({ kind: "dit", preset: "nano", imageShape: image, classes: 10 });
  assertEquals(nullClass(model), 10);
  assertEquals(model.params["class_embedding.weight"]!.shape, [11, 64]);
});

Deno.test("a model description survives JSON", () => {
  const config: ModelConfig = { kind: "dit", preset: "nano", imageShape: image, classes: 10 };
  const again = buildModel(JSON.parse(JSON.stringify(config)));
  assertEquals(Object.keys(again.params), Object.keys(buildModel(config).params));
});

Deno.test("`buildModel()` refuses what it cannot build, and names what there is", () => {
  const sized = { kind: "dit", imageShape: image, width: 32, depth: 1, heads: 4 };
  const cases: [object, string][] = [
    [{ kind: "gan", imageShape: image }, 'Unknown kind of model "gan": choose one of dit, unet'],
    [
      { kind: "dit", preset: "huge", imageShape: image },
      'Unknown dit preset "huge": choose one of nano, tiny, small, base, reference',
    ],
    [{ kind: "dit", preset: "toString", imageShape: image }, 'Unknown dit preset "toString"'],
    [{ kind: "dit", imageShape: image }, "give width, depth and heads, or a preset: nano, tiny"],
    [{ ...sized, wdith: 3 }, 'Unknown key "wdith" of dit: there are imageShape, classes'],
    [{ ...sized, heads: 5 }, "width 32 is not divisible by 5 heads"],
    [{ ...sized, width: 6, heads: 2 }, "width 6 is not divisible by 4, which 2-D positions need"],
    [{ ...sized, depth: 1.5 }, "depth is 1.5, expected a whole number from 1"],
    [{ ...sized, classes: -1 }, "classes is -1, expected a whole number from 0"],
    [{ ...sized, patch: 5 }, "height 28 is not divisible by patch 5"],
    [{ ...sized, mlpRatio: 0 }, "mlpRatio is 0, expected above 0"],
    [{ ...sized, timeScale: 0 }, "timeScale is 0, expected above 0"],
    [
      { ...sized, imageShape: [28, 28] },
      "imageShape is [28,28], expected [height, width, channels]",
    ],
    [{ kind: "dit", preset: "nano" }, "imageShape is undefined"],
    [{ kind: "unet", imageShape: [30, 28, 1] }, "image height 30 is not divisible by 4"],
    [{ kind: "unet", imageShape: image, width: 12 }, "width 12 is not divisible by 8 groups"],
    [{ kind: "unet", imageShape: image, depth: 2 }, 'Unknown key "depth" of unet'],
  ];
  for (const [config, message] of cases) {
    assertThrows(() => buildModel(config as ModelConfig), message);
  }
});
