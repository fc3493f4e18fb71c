import { noiseOf, openGuidedSampler } from "@course/course/guided_sampler.ts";
import { openDevice } from "@course/engine/mod.ts";
import { createImageSampler, loadShipped } from "@course/training/mod.ts";
import { guidedVelocity, limitScale } from "@solutions/03_class_guidance.ts";
import { assertAllClose, assertEquals, assertRejects } from "@std/assert";

const device = await openDevice("cpu");
const shipped = await loadShipped("dit-digits");
const labels = Array.from({ length: 55 }, (_, i) => i % 10);
const noise = noiseOf(shipped.model, labels.length);
const how = { sampler: "heun", steps: 2 } as const;

async function libraryDraws(guidance: number, interval: [number, number] = [0, 1]) {
  const { prediction } = shipped.config.objective;
  const drawing = createImageSampler(device, shipped.model, { count: 55, prediction });
  const request = { noise, labels, guidance, interval, ...how };
  const images = await drawing.draw(shipped.weights, request);
  await drawing.dispose();
  return images;
}

Deno.test("a sampler with the solution of 3.3 draws what the library's own sampler draws", async () => {
  const sampler = openGuidedSampler(device, shipped, guidedVelocity);
  const drawn = await sampler.draw({ labels, scale: 2.5, noise, ...how });
  assertEquals(drawn.shape, [55, 28, 28, 1]);
  assertAllClose(drawn.data, await libraryDraws(2.5), 1e-3);
  const mixed = await sampler.draw({
    labels,
    scale: labels.map((_, i) => i === 54 ? 2.5 : 1),
    noise,
    ...how,
  });
  assertAllClose(mixed.data.slice(0, 54 * 784), (await libraryDraws(1)).slice(0, 54 * 784), 1e-3);
  assertAllClose(mixed.data.slice(54 * 784), drawn.data.slice(54 * 784), 1e-4);
  await assertRejects(
    () => sampler.draw({ labels: [1, 2], scale: 1, noise }),
    "Cannot draw 2 labels from the noise of 55 images",
  );
  await assertRejects(
    () => sampler.draw({ labels, scale: [1, 2], noise }),
    "There are 2 guidance scales for 55 labels",
  );
  await sampler.dispose();
});

Deno.test("the solution of 3.6 limits guidance as the library's interval does", async () => {
  const sampler = openGuidedSampler(
    device,
    shipped,
    guidedVelocity,
    (t, scale) => limitScale(t, scale, 0.4, 0.6),
  );
  const drawn = await sampler.draw({ labels, scale: 4, noise, ...how });
  assertAllClose(drawn.data, await libraryDraws(4, [0.4, 0.6]), 1e-3);
  await sampler.dispose();
});
