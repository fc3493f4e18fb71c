export {
  describeScan,
  isMonetPlace,
  MONET_COLUMNS,
  type MonetColumns,
  type MonetOptions,
  type MonetPlace,
  openMonet,
} from "./monet_source.ts";
export { FILTERS, refusalOf, type RowFilters } from "./filters.ts";
export { listParquetFiles, type ParquetFile } from "./list_files.ts";
export type { HttpOptions } from "./http_file.ts";
