import { assert, assertEquals } from "@std/assert";
import { factsOf, minutesText, readCourseMap } from "@course/course/book/course_map.ts";
import { LESSONS } from "@course/course/lessons.ts";
import { drawMap } from "@course/course/set_up/map_figure.ts";
import type { Notebook } from "@course/jupyter/mod.ts";

const notebook = (source: string, course?: unknown): Notebook => ({
  cells: [{ cell_type: "markdown", metadata: {}, source }],
  metadata: course === undefined ? {} : { course },
  nbformat: 4,
  nbformat_minor: 5,
});

Deno.test("factsOf() reads what a notebook says of itself, across line ends", () => {
  const facts = factsOf(
    LESSONS[1]!,
    notebook(
      "# 01 · Flow matching\n\n**By the end you will have shown** that it\nworks.\n\n" +
        "**You need** nothing. **Time**: about 90 minutes to read and\nsolve, of which it computes 6.",
      { seconds: 354.8 },
    ),
    [],
  );
  assertEquals(facts.number, "01");
  assertEquals(facts.title, "Flow matching");
  assertEquals(facts.claim, "that it works.");
  assertEquals(facts.reading, "about 90 minutes to read and solve");
  assertEquals(facts.seconds, 354.8);
});

Deno.test("factsOf() does without what a notebook does not say", () => {
  const { title, claim, reading, seconds } = factsOf(LESSONS[1]!, notebook("Hello."), []);
  assertEquals([title, claim, reading, seconds], ["01_flow_matching", "", "", undefined]);
});

Deno.test("minutesText() rounds to minutes", () => {
  assertEquals(
    [undefined, 20, 61, 354.8].map(minutesText),
    ["not measured yet", "less than a minute", "1 minute", "6 minutes"],
  );
});

Deno.test("every notebook of the course has a title, a claim and a time to read", async () => {
  for (const { lesson, title, claim, reading } of await readCourseMap()) {
    assert(title !== lesson.name && claim.length > 40 && /minutes|hour/.test(reading), lesson.name);
  }
});

Deno.test("drawMap() links every notebook and says the same in words", async () => {
  const map = await readCourseMap(), figure = drawMap(map);
  for (const { lesson, title } of map) {
    assert(figure.html!.includes(`href="${lesson.name}.ipynb"`));
    assert(figure.text.includes(title));
  }
});
