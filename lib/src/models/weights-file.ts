import { existsSync } from "node:fs";
import { checkOptions, missingCheckpoint } from "../check";
import type { Safetensors, StoredTensor } from "../data/safetensors";
import { readSafetensors, writeSafetensors } from "../data/safetensors-file";
import { tf } from "../tensorflow";

export interface SaveWeightsOptions {
  /** Said in the file's header: where the weights come from, how good they are. @default nothing */
  notes?: Record<string, string>;
  /** Half the room: numbers rounded to 11 significant bits, from 6e-8 to 65,504. @default false */
  half?: boolean;
}

/**
 * Writes the weights of a model as safetensors, named `weights/0`, `weights/1`, … in the model's order. What a training
 * needs besides, to go on, is in the checkpoints of `fit`.
 */
export function saveWeights(model: tf.LayersModel, file: string, options: SaveWeightsOptions = {}): void {
  checkOptions("saveWeights()", options, ["notes", "half"]);
  const { notes = {}, half = false } = options;
  const variables = model.weights.map((weight) => weight.read());
  writeSafetensors(file, { tensors: storedWeights(variables, half ? "F16" : "F32"), metadata: notes });
}

/** Tensors as a file holds them: named `weights/0`, `weights/1`, … in their order. */
export function storedWeights(variables: readonly tf.Tensor[], dtype: "F16" | "F32" = "F32"): Safetensors["tensors"] {
  const tensors = variables.map((variable, i): [string, StoredTensor] => [
    `weights/${i}`,
    { dtype, shape: variable.shape, data: variable.dataSync() as Float32Array },
  ]);
  return Object.fromEntries(tensors);
}

/**
 * A network that comes trained.
 *
 * @param where the function to name in errors
 * @param network with any weights: its layers, or a model, which is the caller's no more
 * @param program what trains it anew, for the remedy: the words behind `node lib/dist/checkpoints/`
 * @returns a model, to be disposed of by the caller
 * @throws Error where the file is missing, RangeError where it is damaged; no model is left then
 */
export function trainedModel(where: string, file: string, network: tf.layers.Layer[], program: string): tf.Sequential;
export function trainedModel(where: string, file: string, network: tf.LayersModel, program: string): tf.LayersModel;
export function trainedModel(
  where: string,
  file: string,
  network: tf.layers.Layer[] | tf.LayersModel,
  program: string,
): tf.LayersModel {
  const model = Array.isArray(network) ? tf.sequential({ layers: network }) : network;
  if (!existsSync(file)) {
    model.dispose();
    throw missingCheckpoint(where, `weights in ${file}`, program);
  }
  try {
    loadWeights(model, file);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

/**
 * Puts weights back that `saveWeights` or a checkpoint of `fit` wrote.
 *
 * @returns the notes in the file's header
 * @throws RangeError where the file is damaged or holds weights of another model; nothing is changed then; Error where it
 *   cannot be read
 */
export function loadWeights(model: tf.LayersModel, file: string): Record<string, string> {
  const { tensors, metadata } = readSafetensors(file);
  const variables = model.weights.map((weight) => weight.read() as tf.Variable);
  assignWeights(variables, tensors, (what) => {
    throw new RangeError(
      `loadWeights() cannot use ${file}: ${what}. Remedy: the model that the file was written from.`,
    );
  });
  return metadata;
}

/**
 * Gives variables the values that `storedWeights` wrote.
 *
 * @param refuse throws, told how the tensors and the variables differ; nothing is changed then
 */
export function assignWeights(
  variables: readonly tf.Variable[],
  tensors: Safetensors["tensors"],
  refuse: (what: string) => never,
): void {
  const stored = variables.map((_, i) => tensors[`weights/${i}`] as StoredTensor | undefined);
  const count = Object.keys(tensors).filter((name) => name.startsWith("weights/")).length;
  if (count !== variables.length) refuse(`it holds ${count} weights, and the model has ${variables.length}`);
  variables.forEach(({ shape }, i) => {
    const there = stored[i]?.shape;
    if (!there || !tf.util.arraysEqual(there, shape)) {
      refuse(`weight ${i} is of shape [${there?.join(", ")}] there and [${shape.join(", ")}] here`);
    }
  });
  tf.tidy(() => variables.forEach((variable, i) => variable.assign(tf.tensor(stored[i]!.data, variable.shape))));
}
