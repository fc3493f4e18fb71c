import type { Outcome } from "./grades.ts";

/** How outcomes look: a mark, so that nobody needs the colour, a class, and an order for sorting. */
export const OUTCOMES: readonly { outcome: Outcome; mark: string; kind: string; rank: number }[] = [
  { outcome: "passed", mark: "✓", kind: "passed", rank: 3 },
  { outcome: "failed", mark: "✗", kind: "failed", rank: 2 },
  { outcome: "not attempted", mark: "·", kind: "untouched", rank: 1 },
  { outcome: "missing", mark: "–", kind: "missing", rank: 0 },
];

export const STYLE = `
:root{--page:#fcfcfb;--ink:#24272c;--soft:#5d636b;--line:#e2e2de;--card:#fff;--passed:#00795a;--passed-bar:#009e73;--failed:#b34a00;--failed-bar:#e0803a;--untouched-bar:#c9ccd0;--missing-bar:#8d939b;--hover:#f3f4f2}
@media (prefers-color-scheme:dark){:root{--page:#16181b;--ink:#e6e7e9;--soft:#a3a9b1;--line:#33373d;--card:#1d2024;--passed:#3fcf9f;--passed-bar:#22a67d;--failed:#f59a5a;--failed-bar:#cf6f2c;--untouched-bar:#4a5058;--missing-bar:#7b828b;--hover:#212529}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1180px;margin:0 auto;padding:48px 24px 96px}
h1{font-size:2rem;line-height:1.2;margin:0 0 8px;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:56px 0 12px}
h3{font-size:1rem;margin:24px 0 8px}
.lead{color:var(--soft);margin:0}
.note,small{color:var(--soft);font-size:.875rem}
p.note{max-width:72ch}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:28px 0 0}
.tiles div{display:flex;flex-direction:column-reverse;justify-content:flex-end;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 16px}
.tiles dt{color:var(--soft);font-size:.875rem;line-height:1.3}
.tiles dd{margin:0;font-size:1.625rem;font-weight:600;font-variant-numeric:tabular-nums}
.tiles small{font-weight:400}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.9375rem;font-variant-numeric:tabular-nums;width:100%}
th,td{text-align:left;vertical-align:top;padding:6px 16px 6px 0;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:500;vertical-align:bottom}
tbody th{font-weight:400}
.number{text-align:right;white-space:nowrap}
.lesson th{padding-top:20px;font-weight:600}
.id{color:var(--soft);display:inline-block;min-width:2rem}
.exercises .title{min-width:240px;padding-left:2.25rem;text-indent:-2.25rem}
.exercises .id{text-indent:0;width:2.25rem}
.exercises td:last-child{min-width:260px}
.wide{width:30%;min-width:180px}
.bar{display:flex;gap:2px;height:14px;margin-top:5px;border-radius:3px;overflow:hidden}
.bar span{display:block;min-width:2px}
.bar .passed{background:var(--passed-bar)}
.bar .failed{background:repeating-linear-gradient(135deg,var(--failed-bar) 0 5px,color-mix(in srgb,var(--failed-bar) 75%,var(--page)) 5px 8px)}
.bar .untouched{background:var(--untouched-bar)}
.bar .missing{background:var(--missing-bar)}
.key{display:flex;flex-wrap:wrap;gap:20px;color:var(--soft);font-size:.875rem;margin:0 0 4px}
i{font-style:normal;font-weight:700}
.passed i{color:var(--passed)}
.failed i{color:var(--failed)}
.untouched i,.missing i{color:var(--soft);font-weight:400}
ul.plain{list-style:none;margin:0;padding:0}
ul.plain li{overflow-wrap:anywhere}
.exercises li:not(.other){padding-left:2.6em;text-indent:-2.6em}
.exercises li b{font-weight:600;display:inline-block;min-width:2.6em;text-indent:0}
li.other,li.note{color:var(--soft)}
li.warning,.tiles .warning{color:var(--failed)}
em{font-style:normal;font-weight:600}
.learners{width:auto;min-width:100%}
.learners thead tr:last-child th{position:sticky;top:0;background:var(--page);z-index:1;box-shadow:0 1px var(--line)}
.learners thead tr:first-child th{border-bottom:0}
.learners .group{text-align:center;padding:0 8px;white-space:nowrap;font-size:.8125rem}
.learners .mark{text-align:center;padding:6px 2px;min-width:2.4em}
.learners th[scope=row]{min-width:180px;max-width:320px;overflow-wrap:anywhere}
.learners tbody tr:first-child:hover{background:var(--hover)}
.more td{padding:2px 16px 14px 22px;font-size:.875rem}
.more li{margin:3px 0;max-width:110ch}
.list td:first-child{min-width:160px;overflow-wrap:anywhere}
.list td:last-child{overflow-wrap:anywhere}
button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:left}
button:focus-visible,input:focus-visible{outline:2px solid #4a90d9;outline-offset:2px;border-radius:3px}
.sort[data-order=up]::after{content:" ↑"}
.sort[data-order=down]::after{content:" ↓"}
.fold::before{content:"▸";display:inline-block;width:1.2em;color:var(--soft)}
.fold[aria-expanded=true]::before{content:"▾"}
.name{padding-left:1.2em}
.tools{display:flex;flex-wrap:wrap;align-items:center;gap:20px;margin:0 0 8px}
[hidden]{display:none!important}
.tools label{color:var(--soft)}
.tools input,#unfold{font:inherit;font-size:.9375rem;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:6px 12px}
.tools input{width:240px;margin-left:6px}
@media print{main{padding:0;max-width:none}.tools{display:none}tr{break-inside:avoid}.learners thead tr:last-child th{position:static}}
`;

/** Sorts by a column, finds names, folds details; without it everything is shown in the order of names. */
export const SCRIPT = `
(() => {
  const table = document.getElementById("learners"), find = document.getElementById("find");
  const unfold = document.getElementById("unfold"), folds = [...table.querySelectorAll(".fold")];
  const set = (button, open) => {
    button.setAttribute("aria-expanded", open);
    button.closest("tbody").querySelector(".more").hidden = !open;
  };
  for (const button of folds) {
    set(button, false);
    button.onclick = () => set(button, button.getAttribute("aria-expanded") !== "true");
  }
  unfold.hidden = folds.length === 0;
  unfold.onclick = () => {
    const open = unfold.textContent.startsWith("Show");
    for (const button of folds) set(button, open);
    unfold.textContent = open ? "Hide all details" : "Show all details";
  };
  find.parentNode.hidden = false;
  find.oninput = () => {
    const word = find.value.trim().toLowerCase();
    for (const body of table.tBodies) body.hidden = !body.textContent.toLowerCase().includes(word);
  };
  const buttons = [...table.querySelectorAll(".sort")];
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  for (const [column, button] of buttons.entries()) {
    button.onclick = () => {
      const down = button.dataset.order ? button.dataset.order === "up" : column > 0;
      for (const other of buttons) delete other.dataset.order;
      button.dataset.order = down ? "down" : "up";
      const value = (body) => body.rows[0].cells[column].dataset.value;
      const order = (a, b) => (down ? -1 : 1) * compare(value(a), value(b));
      table.append(...[...table.tBodies].sort(order));
    };
  }
})();
`;
