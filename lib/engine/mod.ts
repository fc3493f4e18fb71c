/** The engine: functions over tfjs tensors, traced once, compiled for a device, run off the main thread. */
export type {
  CompileOptions,
  Device,
  DeviceName,
  DeviceTensor,
  RunOptions,
  TensorFunction,
  Value,
} from "./device.ts";
export { DEVICE_NAMES, toHost } from "./device.ts";
export type { DeviceOptions } from "./open_device.ts";
export { openDevice } from "./open_device.ts";
export { exportOnnx } from "./export.ts";
export type { OnnxModel, OnnxPort, OnnxTensor } from "./ort/onnx_model.ts";
export { openOnnx } from "./ort/onnx_model.ts";
export type { Profile, ProfileRow } from "./profile.ts";
export { formatProfile, parseProfile } from "./profile.ts";
export type { Program, ShapedProgram } from "./program.ts";
export { compile, compileByShape, profile } from "./program.ts";
export type { Optimizer, ParameterInfo, TrainStepOptions } from "./train_functions.ts";
export type { StepResult, TrainState, TrainStep } from "./train_step.ts";
export { compileTrainStep } from "./train_step.ts";
