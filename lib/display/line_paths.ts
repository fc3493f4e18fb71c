type Place = (x: number, y: number) => string;

/** Through all points, broken where y is no number. */
export function linePath(points: readonly (readonly [number, number])[], at: Place): string {
  let pen = "M";
  return points.map(([x, y]) => {
    if (!Number.isFinite(y)) {
      pen = "M";
      return "";
    }
    const step = pen + at(x, y);
    pen = "L";
    return step;
  }).join("");
}

/** A dot at each point: a line of no length whose round end is seen, so that it stays round when zoomed. */
export function dotsPath(points: readonly (readonly [number, number])[], at: Place): string {
  return points.filter(([, y]) => Number.isFinite(y)).map(([x, y]) => `M${at(x, y)}h0`).join("");
}

/** Along the high values and back along the low ones; what cannot be shown lies on the floor. */
export function bandPath(
  band: readonly (readonly [x: number, low: number, high: number])[],
  at: Place,
  floor: number,
): string {
  const shown = (y: number) => Math.max(y, floor);
  const highs = band.map(([x, , high]) => at(x, shown(high)));
  const lows = band.toReversed().map(([x, low]) => at(x, shown(low)));
  return `M${[...highs, ...lows].join("L")}Z`;
}
