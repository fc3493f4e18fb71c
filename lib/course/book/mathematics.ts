/** One letter with an index: x_t, v_cond, f_k. Names of code such as class_accuracy are longer. */
const INDEXED = /(?<![\w.])([A-Za-zα-ω])_([A-Za-z0-9]+)(?!\w)/g;

/** A power: e^1.099, 10000^(−k / K), e^(s_i). */
const POWER = /(?<=[\w)>])\^(\([^()]*\)|[−-]?[\wα-ω.]*[\wα-ω])/g;

/**
 * The mathematics in a stretch of HTML without tags set as mathematics: indices below, powers above. The notebooks
 * write formulas so that they can be read as plain text, x_t = (1 − t)·x0 + t·x1.
 */
export function setMathematics(html: string): string {
  return html.replaceAll(INDEXED, "<var>$1<sub>$2</sub></var>")
    .replaceAll(POWER, (_, power: string) => `<sup>${power.replace(/^\((.*)\)$/, "$1")}</sup>`);
}

/** The same for HTML with tags, which stay as they are. */
export function setMathematicsBetweenTags(html: string): string {
  return html.split(/(<[^>]*>)/).map((part) => part.startsWith("<") ? part : setMathematics(part))
    .join("");
}

const RELATION = / [=≈→] /, SENTENCE = /[.:!?]$|[a-z]{2,}, [a-z]|<(?!\/?(var|sub|sup|em)\b)/;

/** True for a paragraph that is a formula and nothing else, as in "v = x1 − x0". */
export function isFormula(html: string): boolean {
  const text = html.trim();
  return RELATION.test(text) && !SENTENCE.test(text) && text.length < 160 &&
    /^[\w\[(<]/.test(text) && wordsBefore(text) < 2;
}

/** Words before the relation: formulas have one name or none, sentences have several. */
function wordsBefore(text: string): number {
  const [left = ""] = text.replaceAll(/<[^>]*>/g, "").split(RELATION);
  return (left.replaceAll(/\([^)]*\)|\[[^\]]*\]/g, "").match(/[A-Za-z]{2,}/g) ?? []).length;
}
