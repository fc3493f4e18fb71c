import type { Random } from "../../random.ts";
import type { Polyline } from "./curves.ts";

/** Width and height of the image, and of the box inside it that the ink fits, as in MNIST. */
export const IMAGE_SIZE = 28, BOX_SIZE = 20;

/** A line with the pen's radius in pixels at each of its points. */
interface Inked {
  line: Polyline;
  radius: number[];
}

/**
 * Draws lines with a pen into a 28×28 grey image, ink 255 on 0.
 *
 * Placed as in MNIST: scaled so that the longer side of the ink is 20 pixels, then moved by whole
 * pixels until the centre of mass is in the middle (LeCun et al., 1998). Coverage comes from the
 * exact distance to the line, so edges are anti-aliased.
 */
export function drawInk(lines: Polyline[], random: Random, image: Uint8Array): void {
  const inked = fitBox(press(lines, random));
  // Pens differ in how soft their edge is; a pixel's own width is the sharpest possible.
  const softness = 1.2 + 0.4 * random.uniform(), roughness = 0.2 * random.uniform();
  const ink = coverage(distances(inked), softness, roughness, random);
  const [dx, dy] = offsetToMiddle(ink);
  image.fill(0);
  for (let y = 0; y < IMAGE_SIZE; y++) {
    for (let x = 0; x < IMAGE_SIZE; x++) {
      const toX = x + dx, toY = y + dy;
      if (toX < 0 || toY < 0 || toX >= IMAGE_SIZE || toY >= IMAGE_SIZE) continue;
      image[toY * IMAGE_SIZE + toX] = ink[y * IMAGE_SIZE + x]!;
    }
  }
}

/** Gives each point its radius: a pen of some width, pressed unevenly, lifted at the ends. */
function press(lines: Polyline[], random: Random): Inked[] {
  const wanted = Math.max(0.62, 1.27 * Math.exp(0.25 * random.normal()));
  const base = Math.min(2.15, wanted, widestLegible(lines));
  const unevenness = 0.05 + 0.1 * random.uniform();
  return lines.map((line) => {
    const points = line.length / 2, phase = 2 * Math.PI * random.uniform();
    const speed = 2 + 4 * random.uniform(), taper = 0.3 * random.uniform();
    let grain = 0;
    const radius = Array.from({ length: points }, (_, i) => {
      const part = i / (points - 1);
      grain = 0.7 * grain + 0.035 * random.normal();
      const pressure = 1 + unevenness * Math.sin(speed * part * Math.PI + phase) + grain;
      const lifted = 1 - taper * Math.max(0, part * 6 - 5);
      return base * pressure * lifted;
    });
    return { line, radius };
  });
}

/** The radius at which ink would cover seven tenths of its box: above it, loops close to blobs. */
function widestLegible(lines: Polyline[]): number {
  const { width, height } = bounds(lines);
  const scale = (BOX_SIZE - 4) / Math.max(width, height);
  let length = 0;
  for (const line of lines) {
    for (let i = 2; i < line.length; i += 2) {
      length += Math.hypot(line[i]! - line[i - 2]!, line[i + 1]! - line[i - 1]!);
    }
  }
  // A lone stem fills its narrow box by nature: count at least eight pixels each way.
  const area = Math.max(8, scale * width + 4) * Math.max(8, scale * height + 4);
  return 0.7 * area / (2 * scale * length);
}

/** Scales and moves lines so that the ink's longer side fills the box in the middle. */
function fitBox(inked: Inked[]): Inked[] {
  const { x, y, width, height } = bounds(inked.map(({ line }) => line));
  const widest = Math.max(...inked.flatMap(({ radius }) => radius));
  const scale = (BOX_SIZE - 2 * widest) / Math.max(width, height);
  for (const { line } of inked) {
    for (let i = 0; i < line.length; i += 2) {
      line[i] = IMAGE_SIZE / 2 + scale * (line[i]! - x);
      line[i + 1] = IMAGE_SIZE / 2 + scale * (line[i + 1]! - y);
    }
  }
  return inked;
}

/** Middle and size of the smallest box around lines. */
function bounds(lines: Polyline[]): { x: number; y: number; width: number; height: number } {
  let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      left = Math.min(left, line[i]!);
      right = Math.max(right, line[i]!);
      top = Math.min(top, line[i + 1]!);
      bottom = Math.max(bottom, line[i + 1]!);
    }
  }
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    width: right - left,
    height: bottom - top,
  };
}

/** For each pixel, the distance from its centre to the edge of the ink, negative inside. */
function distances(inked: Inked[]): Float32Array {
  const field = new Float32Array(IMAGE_SIZE * IMAGE_SIZE).fill(IMAGE_SIZE);
  for (const { line, radius } of inked) {
    for (let i = 0; i + 1 < radius.length; i++) {
      const ax = line[2 * i]! - 0.5, ay = line[2 * i + 1]! - 0.5;
      const bx = line[2 * i + 2]! - 0.5, by = line[2 * i + 3]! - 0.5;
      addSegment(field, ax, ay, bx, by, radius[i]!, radius[i + 1]!);
    }
  }
  return field;
}

function addSegment(
  field: Float32Array,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  ra: number,
  rb: number,
): void {
  const reach = Math.max(ra, rb) + 1, last = IMAGE_SIZE - 1;
  const x0 = Math.max(0, Math.ceil(Math.min(ax, bx) - reach));
  const x1 = Math.min(last, Math.floor(Math.max(ax, bx) + reach));
  const y0 = Math.max(0, Math.ceil(Math.min(ay, by) - reach));
  const y1 = Math.min(last, Math.floor(Math.max(ay, by) + reach));
  const ux = bx - ax, uy = by - ay, perLength = 1 / (ux * ux + uy * uy || 1);
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) {
      let t = ((x - ax) * ux + (y - ay) * uy) * perLength;
      t = t < 0 ? 0 : t > 1 ? 1 : t;
      const dx = x - ax - t * ux, dy = y - ay - t * uy;
      const distance = Math.sqrt(dx * dx + dy * dy) - (ra + t * (rb - ra));
      const at = y * IMAGE_SIZE + x;
      if (distance < field[at]!) field[at] = distance;
    }
  }
}

function coverage(
  field: Float32Array,
  softness: number,
  roughness: number,
  random: Random,
): Uint8Array {
  const ink = new Uint8Array(field.length);
  for (let i = 0; i < field.length; i++) {
    if (field[i]! > softness) continue;
    // The sum of two uniform numbers is near enough to normal, and much faster.
    const rough = roughness * (random.uniform() + random.uniform() - 1) * 2;
    const part = 0.5 - (field[i]! + rough) / softness;
    ink[i] = part <= 0 ? 0 : part >= 1 ? 255 : Math.round(255 * part * part * (3 - 2 * part));
  }
  return ink;
}

/** Whole pixels from the centre of mass to the middle of the image. */
function offsetToMiddle(ink: Uint8Array): [dx: number, dy: number] {
  let sum = 0, sumX = 0, sumY = 0;
  for (let i = 0; i < ink.length; i++) {
    sum += ink[i]!;
    sumX += ink[i]! * (i % IMAGE_SIZE);
    sumY += ink[i]! * Math.floor(i / IMAGE_SIZE);
  }
  const middle = (IMAGE_SIZE - 1) / 2;
  return [Math.round(middle - sumX / sum), Math.round(middle - sumY / sum)];
}
