import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { CheckResult, Exercise, Report } from "../../lib/course/exercise.ts";
import { highlight } from "../../lib/course/highlight.ts";
import { plannedHtml, reportHtml } from "../../lib/course/report_html.ts";

const exercise: Exercise = {
  id: "9.1",
  name: "f",
  title: "a < b",
  difficulty: 1,
  importance: 1,
  minutes: 1,
  hints: [],
  checks: ["first", "second <x>"].map((name) => ({ name, args: [], expected: () => 1 })),
  bugs: [],
};
const result = (changes: Partial<CheckResult>): CheckResult => (
  { name: "first", verdict: "exact", message: "exact", ...changes }
);
const report = (...results: CheckResult[]): Report => (
  { id: "9.1", passed: results.length === 2, results, total: 2 }
);

Deno.test("a card says what is going to be checked, and means texts by what they say", () => {
  const html = plannedHtml(exercise);
  assertStringIncludes(html, "9.1 a &lt; b: checking");
  assertStringIncludes(html, "second &lt;x&gt;");
});

Deno.test("a card tells what failed, what is likely, what was not run and what to do", () => {
  const failed = result({ verdict: "different", message: "1 < 2", likely: "Use `tf.add`." });
  const html = reportHtml(exercise, report(failed), { advice: "Go on." });
  for (
    const part of ["0 of 2 checks passed", "1 &lt; 2", "Likely: Use <code", "not run", "Go on."]
  ) {
    assertStringIncludes(html, part);
  }
});

Deno.test("a solution is folded, and only there when it is handed over", () => {
  const passed = report(
    result({}),
    result({ name: "second <x>", verdict: "holds", message: "holds" }),
  );
  const html = reportHtml(exercise, passed, { solution: "const a = 1 < 2;" });
  assertStringIncludes(html, "2 of 2 checks passed");
  assertStringIncludes(html, "<details");
  assert(!reportHtml(exercise, passed).includes("<details"));
});

Deno.test("a stub's card shows no failed check", () => {
  const html = reportHtml(exercise, report(result({ verdict: "not attempted", message: "x" })));
  assertStringIncludes(html, "not attempted yet");
  assert(!html.includes("✗"));
});

Deno.test("code keeps every character when it is coloured", () => {
  const code = 'const a = `x ${1}`; // "no"\n/** if <b> */ return 1e-5 + b1 && "\\"";\n';
  const text = highlight(code).replaceAll(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll(
      "&amp;",
      "&",
    );
  assertEquals(text, code);
  assertEquals(highlight("if"), '<span style="color:#8b2252">if</span>');
});
