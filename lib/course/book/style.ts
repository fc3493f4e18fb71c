/** What the book adds to the style of the reports: code, sections, notes, and how pages hang together. */
export const STYLE = `
:root{--link:#005a8d;--code:#f4f4f1;--edge:#0072b2;--word:#8b2252;--said:#0a5f38;--count:#0b4f9e}
@media (prefers-color-scheme:dark){:root{--link:#7cc4f0;--code:#262b31;--edge:#56b4e9;--word:#f29bc0;--said:#8fd6ac;--count:#8fbdf5}}
html{scroll-padding-top:64px}
body{overflow-wrap:break-word}
main{max-width:1000px;padding-top:32px}
main>h1{margin-top:8px}
h2{font-size:1.45rem;line-height:1.25;padding-top:8px}
h3{font-size:1.1rem;margin:36px 0 8px}
h4{margin:24px 0 4px}
p,li{max-width:74ch}
li{margin:4px 0}
a{color:var(--link);text-underline-offset:3px}
a:hover{text-decoration-thickness:2px}
a.term{color:inherit;text-decoration:underline dotted var(--soft);text-underline-offset:4px}
:focus-visible{outline:3px solid var(--edge);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-9999px}
.skip:focus{left:8px;top:8px;z-index:3;background:var(--card);padding:8px 12px}
nav.top{position:sticky;top:0;z-index:2;display:flex;gap:4px 16px;overflow-x:auto;padding:10px 24px;background:var(--page);border-bottom:1px solid var(--line);font-size:.8125rem;white-space:nowrap}
nav.top a{color:var(--soft);text-decoration:none;padding:4px 0}
nav.top a:hover{color:var(--ink)}
nav.top a[aria-current]{color:var(--ink);font-weight:600;box-shadow:0 2px 0 var(--edge)}
.contents ol{list-style:none;margin:0;padding:0}
.contents li{margin:0}
.contents a{display:block;padding:4px 0 4px 12px;border-left:2px solid var(--line);color:var(--soft);text-decoration:none;font-size:.875rem;line-height:1.35}
.contents a:hover{color:var(--ink)}
.contents a[aria-current]{color:var(--ink);border-color:var(--edge);font-weight:600}
.contents.side{display:none}
.contents.folded{margin:0 0 24px;border:1px solid var(--line);border-radius:6px;padding:10px 14px;background:var(--card)}
@media (min-width:1240px){
body.with-contents{display:grid;grid-template-columns:minmax(224px,1fr) minmax(0,1000px) minmax(0,1fr)}
body.with-contents nav.top{grid-column:1/-1}
.with-contents .skip{position:fixed}
.with-contents main{grid-column:2;margin:0;width:100%}
.contents.side{display:block;position:sticky;top:64px;align-self:start;justify-self:end;width:100%;max-width:280px;max-height:calc(100vh - 80px);overflow-y:auto;padding:40px 0 0 24px}
.contents.folded{display:none}
}
blockquote{margin:16px 0;padding:2px 18px;border-left:4px solid var(--edge);background:var(--card)}
pre.code,pre.printed{margin:14px 0;padding:12px 14px;border-radius:6px;overflow-x:auto;font-size:.8rem;line-height:1.55;tab-size:2}
pre.code{background:var(--code)}
pre code{font-size:inherit}
:not(pre)>code{background:var(--code);padding:1px 4px;border-radius:4px;overflow-wrap:anywhere}
a>code{color:inherit}
.code .comment{color:var(--soft)}
.code .text{color:var(--said)}
.code .keyword{color:var(--word)}
.code .number{color:var(--count)}
.imports summary{color:var(--soft);font-size:.875rem}
.imports+pre.code{margin-top:8px}
.outputs{margin:14px 0 28px}
.figure{margin:14px 0;max-width:none;overflow-x:auto}
.figure img{border:0;border-radius:4px;max-width:100%;height:auto}
pre.printed{font:.8rem/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace;background:none;border:1px solid var(--line);white-space:pre-wrap}
pre.wrong{border-color:#c2410c}
caption{text-align:left;font-weight:600;padding:4px 0 8px}
th.number,td.number{text-align:right;white-space:nowrap}
td:first-child{white-space:normal}
td{overflow-wrap:normal}
.scroll{margin:16px 0}
p.formula,blockquote p.formula{font:1.08em/1.7 "STIX Two Text","Cambria","Times New Roman",serif;margin:14px 0;overflow-x:auto}
main>p.formula{padding-left:28px}
var{font-family:"STIX Two Text","Cambria","Times New Roman",serif;font-size:1.05em;line-height:1}
sub,sup{font-size:.72em;line-height:0}
var sub{font-style:italic}
details{max-width:100%}
details:not(.imports,.contents){border:1px solid var(--line);border-radius:6px;padding:8px 14px;margin:10px 0;background:var(--card)}
details>summary{max-width:74ch}
.exercise{border:1px solid var(--line);border-left:5px solid var(--edge);border-radius:6px;padding:4px 20px 12px;margin:32px 0;background:var(--card)}
.exercise h3{margin-top:14px}
.exercise details{background:none}
.rating{color:var(--soft);font-size:.9rem}
.lead{font-size:1.1rem;max-width:68ch}
.map{list-style:none;padding:0;margin:20px 0}
.map>li{display:grid;grid-template-columns:52px 1fr;border-top:1px solid var(--line);padding:16px 0;max-width:none}
.map .mark{font-size:1.3rem;color:var(--soft);font-variant-numeric:tabular-nums;line-height:1.3}
.map h3{margin:0 0 4px;font-size:1.1rem}
.map p{margin:4px 0}
.map .note{margin-top:6px}
.entry{scroll-margin-top:64px}
.entry:target{background:var(--code);outline:8px solid var(--code)}
.steps{display:grid;grid-template-columns:1fr 1fr;gap:16px;margin-top:72px;border-top:1px solid var(--line);padding-top:20px}
.steps a{text-decoration:none;font-weight:600}
.steps small{display:block;color:var(--soft);font-weight:400}
.steps .next{text-align:right}
.ansi-bold{font-weight:600}.ansi-faint{color:var(--soft)}.ansi-italic{font-style:italic}.ansi-underlined{text-decoration:underline}
.ansi-red{color:#c2410c}.ansi-green{color:var(--said)}.ansi-yellow{color:#8a6d00}.ansi-blue,.ansi-cyan{color:var(--count)}.ansi-magenta{color:var(--word)}
@media (prefers-color-scheme:dark){.ansi-red{color:#f58a5b}.ansi-yellow{color:#e0c050}.figure img[src$=".png"]{filter:brightness(.9)}}
@media (max-width:600px){ul,ol{padding-left:24px}.contents ol,.map{padding-left:0}main{padding:20px 16px 64px}h1{font-size:1.6rem}nav.top{padding:8px 16px}.exercise{padding:4px 12px 8px}.map>li{grid-template-columns:36px 1fr}.figure img{min-width:calc(.6*var(--width,0px))}}
@media print{nav,.skip,.contents{display:none!important}body{font-size:11pt;display:block!important}pre.code{white-space:pre-wrap;border:1px solid #ddd}.outputs,.exercise{break-inside:avoid-page}a{color:inherit}details::details-content{content-visibility:visible;display:block}h2,h3{break-after:avoid}}
`;
