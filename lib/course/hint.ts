import { show } from "../display/mod.ts";
import { cardHtml, codeHtml, paragraph } from "./card.ts";
import { findExercise } from "./lessons.ts";
import { solutionOf } from "./solutions.ts";

/** How many hints of each exercise were asked for since the notebook was started. */
const asked = new Map<string, number>();

/** Shows the next hint for an exercise each time it is called; after the last one comes the reference solution. */
export async function hint(id: string): Promise<void> {
  const { title, hints } = await findExercise(id);
  const count = (asked.get(id) ?? 0) + 1;
  asked.set(id, Math.min(count, hints.length));
  const heading = count > hints.length
    ? `${id} ${title}: the reference solution`
    : `${id} ${title}: hint ${count} of ${hints.length}`;
  const shown = hints.slice(0, count).map((text, i) => `${i + 1}. ${text}`);
  const solution = count > hints.length ? await solutionOf(id) : undefined;
  const more = solution ? "" : "Run this cell again for the " +
    (count < hints.length ? "next hint." : "reference solution.");
  await show({
    alt: heading,
    html: cardHtml(
      heading,
      shown.map((text, i) => paragraph(text, i < count - 1 ? "color:#5b6470" : "")).join("") +
        (solution ? codeHtml(solution) : paragraph(more, "color:#5b6470;font-size:13px")),
      "plain",
    ),
    text: [...shown, solution ?? more].join("\n"),
  });
}
