import type { Plot } from "./axes.ts";
import { round } from "./svg.ts";

/** Shafts and heads of arrows [x, y, dx, dy], `scale` pixels long per unit; the shortest have no head. */
export function arrowsPath(
  arrows: readonly (readonly [x: number, y: number, dx: number, dy: number])[],
  plot: Plot,
  scale: number,
): string {
  return arrows.map(([x, y, dx, dy]) => {
    // Up is less on a screen.
    const [right, down] = [dx * scale, -dy * scale], length = Math.hypot(right, down);
    const shaft = `M${round(plot.x.at(x))},${round(plot.y.at(y))}l${round(right)},${round(down)}`;
    if (length < 3) return shaft;
    const size = Math.min(5.5, 0.45 * length), angle = Math.atan2(down, right);
    const barb = (turn: number) =>
      [-size * Math.cos(angle + turn), -size * Math.sin(angle + turn)] as const;
    const [left, other] = [barb(0.45), barb(-0.45)];
    return `${shaft}m${left.map(round).join()}l${round(-left[0])},${round(-left[1])}l${
      other.map(round).join()
    }`;
  }).join("");
}
