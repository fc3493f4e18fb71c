import {
  fieldFigure,
  type Figure,
  heatMapFigure,
  imageFigure,
  imagesOf,
  lineFigure,
  rowFigure,
} from "../display/mod.ts";
import type { HostTensor } from "../tensors.ts";
import type { CheckResult, Report } from "./exercise.ts";
import { isPass } from "./run_checks.ts";

/**
 * Draws the target beside the answer: of the check that failed, or, if all passed, the last pictures among the
 * answers. Undefined if there is nothing to see.
 */
export async function drawReport({ results, passed }: Report): Promise<Figure | undefined> {
  const result = passed
    ? results.findLast(({ picture }) => picture?.drawing === "images")
    : results.at(-1);
  if (!result?.picture) return undefined;
  try {
    return await draw(result, result.picture);
  } catch {
    // Answers may be of any shape and hold any number; what cannot be drawn was described in words.
    return undefined;
  }
}

function draw(
  result: CheckResult,
  { drawing, expected, actual }: NonNullable<CheckResult["picture"]>,
): Figure | Promise<Figure> {
  const alt = `Target and answer of the check "${result.name}"` +
    (isPass(result) ? ", alike." : `: ${result.message}.`);
  const title = result.name;
  switch (drawing) {
    case "images":
      return beside(
        alt,
        expected,
        actual,
        (tensor, title) => imageFigure(imagesOf(tensor), { alt: title, title }),
      );
    case "matrix":
      return beside(
        alt,
        expected,
        actual,
        (tensor, title) => heatMapFigure({ alt: title, title, values: rowsOf(tensor) }),
      );
    case "points":
      return fieldFigure({
        alt,
        title,
        points: [
          { name: "target", points: pointsOf(expected) },
          { name: "yours", points: pointsOf(actual) },
        ],
        paths: pointsOf(expected).map((point, i) => (
          { name: "from target to yours", points: [point, pointsOf(actual)[i]!] }
        )),
      });
    case "curve":
      return lineFigure({
        alt,
        title,
        x: "index",
        y: "value",
        series: [
          { name: "target", points: curveOf(expected) },
          { name: "yours", points: curveOf(actual), dots: true },
        ],
      });
  }
}

async function beside(
  alt: string,
  expected: HostTensor,
  actual: HostTensor,
  figure: (tensor: HostTensor, title: string) => Figure | Promise<Figure>,
): Promise<Figure> {
  return rowFigure([await figure(expected, "target"), await figure(actual, "yours")], { alt });
}

/** `[N, M]` as rows. */
function rowsOf({ data, shape }: HostTensor): number[][] {
  const [rows = 0, columns = 0] = shape;
  return Array.from(
    { length: rows },
    (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)),
  );
}

/** `[N, 2]` as points. */
function pointsOf(tensor: HostTensor): [number, number][] {
  return rowsOf(tensor).map(([x = 0, y = 0]) => [x, y]);
}

/** `[N]` as points over their index. */
function curveOf({ data }: HostTensor): [number, number][] {
  return Array.from(data, (value, i) => [i, value]);
}
