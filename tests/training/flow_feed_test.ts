import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { flowBatchSpec, flowFeed } from "@course/training/flow_feed.ts";
import { digits } from "@course/data/mod.ts";
import { base } from "../../configs/base.ts";

const dataset = digits({ size: 50 });
const options = { batchSize: 16, seed: 3, objective: base.objective, classes: 10 };

Deno.test("a batch has the shapes that its spec says", () => {
  const { tensors } = flowFeed(dataset, options).next();
  const shapes = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, dtype }]) => [name, { shape: [...shape], dtype }]),
  );
  assertEquals(shapes, flowBatchSpec([28, 28, 1], 16, 10) as typeof shapes);
  assertEquals(Object.keys(flowFeed(dataset, { ...options, classes: 0 }).next().tensors), [
    "x0",
    "x1",
    "t",
  ]);
});

Deno.test("noise is standard normal, levels follow the config, labels are dropped as often as it says", () => {
  const feed = flowFeed(dataset, {
    ...options,
    batchSize: 500,
    objective: { ...base.objective, noiseLevels: "logit-normal", logitMean: -1, logitStd: 0.5 },
  });
  const { x1, t, label } = feed.next().tensors;
  const mean = (values: ArrayLike<number>) =>
    Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  assertAlmostEquals(mean(x1!.data), 0, 0.01);
  assertAlmostEquals(mean(Array.from(x1!.data, (x) => x * x)), 1, 0.01);
  assertAlmostEquals(mean(Array.from(t!.data, (t) => Math.log(t / (1 - t)))), -1, 0.1);
  const dropped = Array.from(label!.data).filter((label) => label === 10).length / 500;
  assertAlmostEquals(dropped, 0.1, 0.05);
});

Deno.test("a feed continues from any batch exactly as if it had not stopped", () => {
  const feed = flowFeed(dataset, options);
  const first = [feed.next(), feed.next(), feed.next()];
  const rest = [feed.next(), feed.next(), feed.next()];
  const resumed = flowFeed(dataset, options);
  // Through JSON, as in a checkpoint.
  resumed.restore(JSON.parse(JSON.stringify(first[2]!.after)));
  assertEquals([resumed.next(), resumed.next(), resumed.next()], rest);
});

Deno.test("a feed that restores a position replaces the batches it has made ahead", () => {
  const feed = flowFeed(dataset, options);
  const { after } = feed.next();
  const expected = feed.next();
  feed.next();
  feed.restore(after);
  assertEquals(feed.next(), expected);
});

Deno.test("the noise does not depend on how labels are dropped", () => {
  const noise = (conditionDropout: number) => {
    const feed = flowFeed(dataset, {
      ...options,
      objective: { ...base.objective, conditionDropout },
    });
    feed.next();
    return feed.next().tensors.x1!.data;
  };
  assertEquals(noise(0), noise(0.9));
});

Deno.test("positions of other data or without generators are refused", () => {
  const { after } = flowFeed(dataset, options).next();
  assertThrows(
    () => flowFeed(digits({ size: 51 }), options).restore(after),
    "Cannot continue with",
  );
  const feed = flowFeed(dataset, options);
  assertThrows(() => feed.restore({ ...after, generators: {} }), 'no generator "noise"');
  assert(after.generators.noise);
});
