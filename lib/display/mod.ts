/**
 * Pictures, charts, tables and live views, the same for a notebook, a terminal and a file.
 *
 * Every function that draws gives a {@linkcode Figure}; `show` shows it where the program runs and
 * `saveFigure` writes it to a file.
 */

export { type Bar, barFigure, type BarFigureOptions } from "./bar_figure.ts";
export { fieldFigure, type FieldOptions, type PlanePoints } from "./field_figure.ts";
export type { Figure, Screen } from "./figure.ts";
export { filmstripFigure, type FilmstripOptions } from "./filmstrip_figure.ts";
export { heatMapFigure } from "./heat_map_figure.ts";
export type { HeatMapOptions } from "./heat_map_layout.ts";
export { imageFigure, type ImageFigureOptions } from "./image_figure.ts";
export type { GridOptions, ImageBatch } from "./image_grid.ts";
export { imagesOf } from "./images.ts";
export { lineFigure, type LineFigureOptions, type LineSeries } from "./line_figure.ts";
export { type LiveDisplay, liveDisplay, type LiveOptions } from "./live.ts";
export { rowFigure, type RowOptions } from "./row_figure.ts";
export { saveFigure } from "./save.ts";
export { type MediaBundle, mediaBundle } from "./media.ts";
export { show } from "./show.ts";
export { currentTarget, type NotebookDisplay, type Target } from "./target.ts";
export { tableFigure, type TableOptions } from "./table_figure.ts";
export {
  type TrainingProgress,
  trainingProgress,
  type TrainingProgressOptions,
} from "./training_progress.ts";
