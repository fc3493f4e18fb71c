import { assertEquals, assertMatch } from "@std/assert";
import { createLossGuard } from "@course/training/loss_guard.ts";

function feed(losses: number[], guard = createLossGuard()): (string | undefined)[] {
  return losses.map((loss) => guard.check(loss, 1));
}

Deno.test("a loss that falls, jumps now and then, or stays is fine", () => {
  const losses = [2, 1.5, 1, 90, 0.5, 0.4, 80, 0.3, 0.3, 0.3, 39];
  assertEquals(feed(losses).every((problem) => problem === undefined), true);
});

Deno.test("a loss that is no number, or infinite gradients, are noticed at once", () => {
  assertEquals(feed([1, NaN])[1], "the loss is NaN");
  assertEquals(feed([Infinity])[0], "the loss is Infinity");
  assertEquals(createLossGuard().check(1, Infinity), "the gradients are infinite");
  // NaN only says that the norm was not computed.
  assertEquals(createLossGuard().check(1, NaN), undefined);
});

Deno.test("a loss that stays far above the untrained one has exploded", () => {
  assertEquals(feed([1, 30, 30]).slice(0, 1), [undefined]);
  assertMatch(feed([1, 30, 30]).at(-1)!, /exploded to 30.0, 30 times/);
});

Deno.test("a guard goes on where it was saved", () => {
  const guard = createLossGuard();
  feed([1, 2], guard);
  const resumed = createLossGuard(JSON.parse(JSON.stringify(guard.save())));
  assertEquals(feed([40, 50, 60], resumed), feed([40, 50, 60], guard));
});
