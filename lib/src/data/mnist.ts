import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkInteger, checkLabels, checkOneOf, checkOptions } from "../check";
import { ProgressOption } from "../progress";
import { tf } from "../tensorflow";
import { cacheFolder, catalogue } from "./catalogue";
import { download, DownloadError } from "./download";
import { DigitBytes, embeddedDigits } from "./embedded";
import { Examples, examples } from "./examples";
import { parseIdx } from "./idx";

/** Greyscale images `[size, 28, 28, 1]`, float32 from 0 (paper) to 1 (ink), with int32 labels 0 to 9, `[size]`. */
export type Digits = Examples<tf.Tensor4D, tf.Tensor1D>;

export interface MnistOptions {
  /** Use only the first so many training digits; no limit on test digits. @default all */
  limit?: number;
  /**
   * "full": the 60,000 and 10,000 of the publisher, from the cache or the network. "embedded": the 7,996 and 2,004 that
   * come with nablab. "auto": full where they are in reach, else embedded, and a line says so. @default "auto"
   */
  source?: "auto" | "full" | "embedded";
  /** The cache. @default what `NABLAB_DATA` names, else datasets/cache */
  folder?: string;
  /** How to show a download's progress. @default true */
  progress?: ProgressOption;
  /** Stops a download. @default the notebook's Stop button */
  signal?: AbortSignal;
}

export interface Mnist {
  train: Digits;
  test: Digits;
  /** What the labels mean: "0" to "9". */
  classes: string[];
  /** Where the digits come from, in a sentence. */
  source: string;
  /** Frees all tensors. */
  dispose(): void;
}

/**
 * The MNIST database of handwritten digits: 60,000 to learn from, 10,000 by other writers to test on.
 *
 * Every file is checked (SHA-256, format, counts, labels) each time. LeCun, Bottou, Bengio, Haffner: Gradient-based learning
 * applied to document recognition. Proceedings of the IEEE, 1998. CC BY-SA 3.0.
 *
 * @throws DownloadError where `source` is "full" and a file is neither in the cache nor to be had
 */
export async function mnist(options: MnistOptions = {}): Promise<Mnist> {
  checkOptions("mnist()", options, ["limit", "source", "folder", "progress", "signal"]);
  const { limit } = options;
  const source = checkOneOf("mnist()", "source", options.source ?? "auto", ["auto", "full", "embedded"]);
  if (limit !== undefined) checkInteger("mnist()", "limit", limit, { min: 1 });

  const found = await find(source, options);
  const train = digits(found.train, limit);
  const test = digits(found.test);
  const classes = Array.from({ length: 10 }, (_, digit) => String(digit));
  return { train, test, classes, source: found.source, dispose: () => [train, test].forEach((set) => set.dispose()) };
}

interface Found {
  train: DigitBytes;
  test: DigitBytes;
  source: string;
}

async function find(source: "auto" | "full" | "embedded", options: MnistOptions): Promise<Found> {
  let why = "";
  if (source !== "embedded") {
    try {
      return await official(options);
    } catch (error) {
      if (source === "full" || !(error instanceof DownloadError)) throw error;
      why = error.message;
    }
  }
  const { train, test } = await embeddedDigits();
  const counts = `${train.labels.length} digits to train on and ${test.labels.length} to test on`;
  const said = `the digits embedded in nablab: ${counts}, all from MNIST's training set`;
  if (why) console.warn(`mnist() uses ${said}, because the full set is not in reach.\n${why}`);
  return { train, test, source: said };
}

async function official({ folder = join(cacheFolder(), "mnist"), progress, signal }: MnistOptions): Promise<Found> {
  const { mirrors, files, title } = catalogue().mnist;
  const read = async (name: string, shape: (number | null)[]) => {
    const file = files.find((entry) => entry.name === name)!;
    const addresses = mirrors.map((mirror) => mirror + name);
    const path = await download({ ...file, addresses }, { folder, progress, signal });
    return parseIdx(await readFile(path), { name: path, shape }).data as Uint8Array;
  };
  const set = async (prefix: string, count: number): Promise<DigitBytes> => {
    const labels = await read(`${prefix}-labels-idx1-ubyte.gz`, [count]);
    checkLabels("mnist()", `${prefix}-labels`, labels, 10);
    return { labels, images: await read(`${prefix}-images-idx3-ubyte.gz`, [count, 28, 28]) };
  };
  // One after another: were the first to fail, three more would wait for the network in vain.
  const train = await set("train", 60_000);
  return { train, test: await set("t10k", 10_000), source: `${title}: 60000 to train on and 10000 to test on` };
}

function digits({ images, labels }: DigitBytes, limit = Infinity): Digits {
  const count = Math.min(limit, labels.length);
  const pixels = new Float32Array(count * 28 * 28);
  for (let i = 0; i < pixels.length; i++) pixels[i] = images[i] / 255;
  return examples(
    tf.tensor4d(pixels, [count, 28, 28, 1]),
    tf.tensor1d(Int32Array.from(labels.subarray(0, count)), "int32"),
  );
}
