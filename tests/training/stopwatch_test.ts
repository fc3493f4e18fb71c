import { assertEquals } from "@std/assert";
import { startStopwatch } from "@course/training/stopwatch.ts";

Deno.test("a stopwatch counts what lies between laps as speed, and everything as time", () => {
  let time = 0;
  const watch = startStopwatch(10, () => time);
  for (let i = 0; i < 50; i++) {
    watch.lap();
    time += 100;
    watch.lap();
    time += 900;
  }
  assertEquals(Math.round(watch.perSecond(64)), 640);
  assertEquals(watch.seconds(), 60);
  assertEquals(startStopwatch().perSecond(64), 0);
});
