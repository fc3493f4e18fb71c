/** What the notebooks of the course are written with. */
import "./eager.ts";

export { check } from "./check.ts";
export { hint } from "./hint.ts";
export { todo } from "./todo.ts";
export { yours } from "./yours.ts";
export { quick } from "./quick.ts";
