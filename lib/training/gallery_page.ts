import { Buffer } from "node:buffer";
import { escape } from "../display/svg.ts";
import { reportHead } from "./report_page.ts";

/** What goes onto a gallery's page. */
export interface GalleryPage {
  name: string;
  /** What is seen, in a sentence. */
  about: string;
  steps: readonly number[];
  /** One picture per step, as WebP. */
  frames: readonly Uint8Array[];
  /** Milliseconds per step when it plays. */
  delay: number;
}

/** One self-contained page with a slider over the steps of a run. Without scripts it shows the last one. */
export function galleryPage({ name, about, steps, frames, delay }: GalleryPage): string {
  const last = steps.length - 1;
  const images = frames.map((frame, i) =>
    `<img class="frame" ${i === last ? "" : "hidden "}src="data:image/webp;base64,${
      Buffer.from(frame).toString("base64")
    }" alt="Samples after ${steps[i]} steps">`
  );
  return `${reportHead(`${name} · gallery`, MORE_STYLE)}
<body>
<main>
<h1>${escape(name)}</h1>
<p class="lead">${escape(about)}</p>
<div class="controls">
<button type="button" id="play">Play</button>
<input type="range" id="step" min="0" max="${last}" value="${last}" aria-label="Step of training">
<output for="step" id="at">step ${steps[last]}</output>
</div>
<div>${images.join("\n")}</div>
</main>
<script>(()=>{
const steps=${JSON.stringify(steps)},frames=[...document.querySelectorAll(".frame")];
const slider=document.getElementById("step"),at=document.getElementById("at"),play=document.getElementById("play");
let timer;
function show(i){slider.value=i;at.value="step "+steps[i];frames.forEach((frame,j)=>{frame.hidden=i!==j})}
function pause(){clearTimeout(timer);timer=undefined;play.textContent="Play"}
function go(){const i=(Number(slider.value)+1)%steps.length;show(i);timer=setTimeout(go,i===steps.length-1?${
    5 * delay
  }:${delay})}
slider.addEventListener("input",()=>{pause();show(Number(slider.value))});
play.addEventListener("click",()=>{if(timer)return pause();play.textContent="Pause";go()});
})()</script>
</body>
</html>
`;
}

const MORE_STYLE = `
.controls{display:flex;gap:16px;align-items:center;margin:24px 0;position:sticky;top:0;background:var(--page);padding:12px 0}
.controls input{flex:1;max-width:480px}
.controls output{font-variant-numeric:tabular-nums;min-width:9ch}
.controls button{font:inherit;padding:4px 16px;border:1px solid var(--line);border-radius:6px;background:var(--card);color:inherit;cursor:pointer;min-width:6em}
.frame[hidden]{display:none}
`;
