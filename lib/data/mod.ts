export {
  checkDatasetName,
  type Dataset,
  type DatasetOptions,
  DATASETS,
  loadDataset,
  type Split,
} from "./dataset.ts";
export { type Batch, type Batches, type BatchesState, batchOf, createBatches } from "./batches.ts";
export { digitAt, digits, DIGITS_VERSION, drawDigit } from "./digits/mod.ts";
export { fetchMnist, loadMnist, verifyMnist } from "./mnist.ts";
export {
  describe,
  drawPicture,
  isUnseen,
  openPictures,
  type Picture,
  pictureAt,
  type PictureOptions,
  pictures,
  PICTURES_VERSION,
  pictureWords,
  sampleFacts,
} from "./pictures/mod.ts";
export { type FolderReport, inspectFolder, loadFolder } from "./folder/mod.ts";
