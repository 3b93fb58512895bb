import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkInteger, checkLabels, checkOptions } from "../check";
import { ProgressOption } from "../progress";
import { tf } from "../tensorflow";
import { unpackArchive } from "./archive";
import { cacheFolder, catalogue } from "./catalogue";
import { Examples, examples } from "./examples";

/** Pixels of a colour plane. */
const PLANE = 32 * 32;
/** A record of the publisher's files: the label, then the red, the green and the blue plane, row by row. */
const RECORD = 1 + 3 * PLANE;
/** Records in each of the six files. */
const IN_FILE = 10_000;

/** Colour images `[size, 32, 32, 3]`, float32 from 0 to 1, with int32 labels 0 to 9, `[size]`. */
export type Pictures = Examples<tf.Tensor4D, tf.Tensor1D>;

export interface Cifar10Options {
  /** Use only the first so many training images; no limit on test images. @default all */
  limit?: number;
  /** The cache. @default what `NABLAB_DATA` names, else datasets/cache */
  folder?: string;
  /** How to show a download's progress. @default true */
  progress?: ProgressOption;
  /** Stops a download. @default the notebook's Stop button */
  signal?: AbortSignal;
}

/** Images as bytes, `[size, 32, 32, 3]` row by row, with the label of each. */
export interface ImageBytes {
  images: Uint8Array;
  labels: Uint8Array;
}

/** CIFAR-10 as bytes: 184 MB in all. */
export interface Cifar10Bytes {
  train: ImageBytes;
  test: ImageBytes;
  /** What the labels mean, "airplane" to "truck". */
  classes: string[];
}

/** CIFAR-10 as tensors. */
export interface Cifar10 {
  train: Pictures;
  test: Pictures;
  /** What the labels mean, "airplane" to "truck". */
  classes: string[];
  /** Where the images come from, in a sentence. */
  source: string;
  /** Frees all tensors. */
  dispose(): void;
}

/**
 * CIFAR-10: 50,000 colour photographs of 32 × 32 pixels to learn from and 10,000 to test on, ten classes of equal size.
 *
 * Takes 737 MB of memory: 614 for training and 123 for testing, four bytes a number. `limit` takes fewer; `cifar10Bytes()`
 * gives the bytes themselves, a quarter of that, for a pipeline that makes its own batches. Every file is checked each
 * time (SHA-256, labels). Krizhevsky: Learning multiple layers of features from tiny images. University of Toronto, 2009.
 *
 * @throws DownloadError where a file is neither in the cache nor to be had: which, from where, and where to put it
 */
export async function cifar10(options: Cifar10Options = {}): Promise<Cifar10> {
  const bytes = await cifar10Bytes(options);
  const [train, test] = [pictures(bytes.train), pictures(bytes.test)];
  const source = `${catalogue().cifar10.title}: ${train.size} to train on and ${test.size} to test on`;
  return { train, test, classes: bytes.classes, source, dispose: () => [train, test].forEach((set) => set.dispose()) };
}

/** What `cifar10()` reads, as bytes from 0 to 255 and without a tensor. @throws as `cifar10()` does */
export async function cifar10Bytes(options: Cifar10Options = {}): Promise<Cifar10Bytes> {
  checkOptions("cifar10()", options, ["limit", "folder", "progress", "signal"]);
  const { limit, folder = join(cacheFolder(), "cifar10"), progress, signal } = options;
  if (limit !== undefined) checkInteger("cifar10()", "limit", limit, { min: 1 });
  const { mirrors, archive, files } = catalogue().cifar10;
  const addresses = mirrors.map((mirror) => mirror + archive!.name);
  const paths = await unpackArchive({ ...archive!, addresses }, files, { folder, progress, signal });

  const count = Math.min(limit ?? Infinity, 5 * IN_FILE);
  const train = await readRecords(paths.slice(0, Math.ceil(count / IN_FILE)), count);
  const test = await readRecords(paths.slice(5), IN_FILE);
  return { train, test, classes: [...CLASSES] };
}

/** In the order of the labels, as the publisher's batches.meta.txt has them. */
const CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/**
 * Reads records of the binary version, "label, red plane, green plane, blue plane", and puts each pixel's three colours
 * side by side, as TensorFlow wants them.
 *
 * @param name how errors call the records: their file
 * @throws RangeError where they are cut short, or a label is not from 0 to 9
 */
export function parseCifar(bytes: Uint8Array, name = "the records"): ImageBytes {
  const count = bytes.length / RECORD;
  if (!Number.isInteger(count) || count === 0) {
    throw new RangeError(
      `parseCifar() wants ${name} to hold records of ${RECORD} bytes, got ${bytes.length} bytes: cut short?`,
    );
  }
  const labels = Uint8Array.from({ length: count }, (_, i) => bytes[i * RECORD]);
  checkLabels("parseCifar()", `the labels of ${name}`, labels, CLASSES.length);
  const images = new Uint8Array(count * 3 * PLANE);
  for (let i = 0, to = 0; i < count; i++) {
    const red = i * RECORD + 1;
    for (let pixel = red; pixel < red + PLANE; pixel++) {
      images[to++] = bytes[pixel];
      images[to++] = bytes[pixel + PLANE];
      images[to++] = bytes[pixel + 2 * PLANE];
    }
  }
  return { images, labels };
}

/** The first `count` records of some files, one after another. */
async function readRecords(paths: string[], count: number): Promise<ImageBytes> {
  const images = new Uint8Array(count * 3 * PLANE);
  const labels = new Uint8Array(count);
  for (const [i, path] of paths.entries()) {
    const records = Math.min(IN_FILE, count - i * IN_FILE);
    const part = parseCifar((await readFile(path)).subarray(0, records * RECORD), path);
    images.set(part.images, i * IN_FILE * 3 * PLANE);
    labels.set(part.labels, i * IN_FILE);
  }
  return { images, labels };
}

function pictures({ images, labels }: ImageBytes): Pictures {
  const values = new Float32Array(images.length);
  for (let i = 0; i < values.length; i++) values[i] = images[i] / 255;
  return examples(tf.tensor4d(values, [labels.length, 32, 32, 3]), tf.tensor1d(Int32Array.from(labels), "int32"));
}
