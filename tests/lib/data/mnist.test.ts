import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { catalogue } from "../../../lib/src/data/catalogue";
import { DownloadError } from "../../../lib/src/data/download";
import { Digits, mnist } from "../../../lib/src/data/mnist";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/data/mnist.json";

/** Sum of the original bytes, from pixels between 0 and 1. */
const ink = (x: tf.Tensor) => {
  const values = x.dataSync();
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.round(values[i] * 255);
  return sum;
};

const describeDigits = ({ x, y, size }: Digits) => {
  const labels = Array.from(y.dataSync());
  const one = (row: number) => tf.tidy(() => ink(x.slice(row, 1)));
  return {
    size,
    ink: ink(x),
    counts: Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length),
    firstLabels: labels.slice(0, 20),
    firstImageInk: one(0),
    lastImageInk: one(size - 1),
  };
};

/** The sum of a class's images, whatever their order, as the fixture's script computes it. */
const sumOfClass = ({ x, y }: Digits, digit: number) => {
  const [pixels, labels] = [x.dataSync(), y.dataSync()];
  const images: Buffer[] = [];
  labels.forEach((label, i) => {
    if (label === digit)
      images.push(Buffer.from(pixels.slice(i * 784, (i + 1) * 784).map((value) => Math.round(value * 255))));
  });
  return createHash("sha256")
    .update(Buffer.concat(images.sort(Buffer.compare)))
    .digest("hex");
};

afterEach(() => vi.restoreAllMocks());

describe("mnist", () => {
  it("gives NumPy's digits from the publisher's files, or the embedded ones and says so", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const before = tf.memory().numTensors;
    const set = await mnist({ progress: false });
    const official = set.train.size === 60_000;
    if (official) {
      expect(describeDigits(set.train)).toEqual(truth.train);
      expect(describeDigits(set.test)).toEqual(truth.t10k);
      expect(warn).not.toHaveBeenCalled();
    } else {
      expect(warn.mock.calls.join()).toMatch(
        /^mnist\(\) uses the digits embedded in nablab: 7996 digits .* not in reach\.\n/,
      );
    }
    expect(set.train.x.shape.slice(1)).toEqual([28, 28, 1]);
    expect([set.train.x.dtype, set.train.y.dtype]).toEqual(["float32", "int32"]);
    expect(set.classes).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    set.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("carries 10,000 digits that are MNIST's first, to the pixel, in two parts without overlap", async () => {
    const { train, test, source } = await mnist({ source: "embedded" });
    expect(source).toContain("7996 digits to train on and 2004 to test on, all from MNIST's training set");
    for (const [digit, expected] of Object.entries(truth.embedded)) {
      expect(sumOfClass(train, Number(digit))).toBe(expected.sha256.train);
      expect(sumOfClass(test, Number(digit))).toBe(expected.sha256.test);
    }
    expect([train.size, test.size]).toEqual([7996, 2004]);
    // Mixed: the first hundred hold every class.
    expect(new Set(train.y.slice(0, 100).dataSync()).size).toBe(10);
  });

  it("limits the training digits and leaves the test whole", async () => {
    const { train, test } = await mnist({ source: "embedded", limit: 100 });
    expect([train.size, test.size]).toEqual([100, 2004]);
  });

  it("refuses wrong files in the cache by name, makes no tensor of them and caches nothing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nablab-mnist-"));
    const offline = vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed"));
    const before = tf.memory().numTensors;
    try {
      writeFileSync(join(folder, "train-labels-idx1-ubyte.gz"), "mislabelled");
      const error = await mnist({ source: "full", folder, progress: false }).catch((reason: Error) => reason);
      expect(error).toBeInstanceOf(DownloadError);
      const { message } = error as Error;
      expect(message).toContain("train-labels-idx1-ubyte.gz (28.9 kB) is needed: it has 11 bytes instead of 28881.");
      for (const mirror of catalogue().mnist.mirrors) expect(message).toContain(mirror);
      expect(message).toContain(`put it at ${join(folder, "train-labels-idx1-ubyte.gz")}`);
      expect(offline).toHaveBeenCalledTimes(3);
      expect(readdirSync(folder)).toEqual(["train-labels-idx1-ubyte.gz"]);
      expect(tf.memory().numTensors).toBe(before);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("refuses wrong options", async () => {
    await expect(mnist({ source: "ful" as "full" })).rejects.toThrow('got "ful". Remedy: did you mean "full"?');
    await expect(mnist({ limit: 0 })).rejects.toThrow("mnist() wants limit to be an integer from 1 up, got 0.");
  });
});
