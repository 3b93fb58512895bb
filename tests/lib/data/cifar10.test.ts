import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { cifar10, cifar10Bytes, ImageBytes, parseCifar } from "../../../lib/src/data/cifar10";
import { DownloadError } from "../../../lib/src/data/download";
import { tf } from "../../../lib/src/tensorflow";
import truth from "../../fixtures/data/cifar10.json";

const sum = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** What the fixture's script says about a set, from nablab's bytes. */
function describeImages({ images, labels }: ImageBytes) {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label]++;
  const sumOfChannels = [0, 0, 0];
  images.forEach((value, i) => (sumOfChannels[i % 3] += value));
  const firstLabels = Array.from(labels.subarray(0, 20));
  return { size: labels.length, counts, firstLabels, sumOfChannels, images: sum(images), labels: sum(labels) };
}

afterEach(() => vi.restoreAllMocks());

describe("cifar10", () => {
  /** Undefined where the 184 MB are not in reach, after a look at what is said then. */
  const orSaysWhatIsMissing = async <T>(set: Promise<T>): Promise<T | undefined> =>
    set.catch((error: Error) => {
      expect(error).toBeInstanceOf(DownloadError);
      expect(error.message).toContain("test_batch.bin");
      return undefined;
    });

  it("gives NumPy's images and labels from the publisher's files, byte for byte", async () => {
    const set = await orSaysWhatIsMissing(cifar10Bytes({ progress: false }));
    if (!set) return;
    expect(describeImages(set.train)).toEqual(truth.train);
    expect(describeImages(set.test)).toEqual(truth.test);
    expect(set.classes).toEqual("airplane automobile bird cat deer dog frog horse ship truck".split(" "));
  });

  it("makes tensors of them, from 0 to 1, and frees them", async () => {
    const before = tf.memory().numTensors;
    const set = await orSaysWhatIsMissing(cifar10({ limit: 12_345, progress: false }));
    if (!set) return;
    expect([set.train.x.shape, set.test.x.shape]).toEqual([
      [12_345, 32, 32, 3],
      [10_000, 32, 32, 3],
    ]);
    expect([set.train.x.dtype, set.train.y.dtype]).toEqual(["float32", "int32"]);
    const { train } = await cifar10Bytes({ limit: 12_345 });
    const values = set.train.x.dataSync();
    expect(values.findIndex((value, i) => value !== Math.fround(train.images[i] / 255))).toBe(-1);
    expect(Array.from(set.train.y.dataSync())).toEqual(Array.from(train.labels));
    expect(set.source).toMatch(/12345 to train on and 10000 to test on$/);
    set.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("says without network which files are missing, and makes no tensor and no file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nablab-cifar-"));
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed"));
    const before = tf.memory().numTensors;
    try {
      writeFileSync(join(folder, "data_batch_3.bin"), "mislabelled");
      const error = await cifar10({ folder, progress: false }).catch((reason: Error) => reason);
      expect(error).toBeInstanceOf(DownloadError);
      const { message } = error as Error;
      expect(message).toContain("  data_batch_3.bin: it has 11 bytes instead of 30730000\n");
      expect(message).toContain("  test_batch.bin: it is missing\n");
      expect(message).toContain("cifar-10-binary.tar.gz (170.1 MB) is needed: it is missing.");
      expect(message).toContain("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz elsewhere and put it at");
      expect(readdirSync(folder)).toEqual(["data_batch_3.bin"]);
      expect(tf.memory().numTensors).toBe(before);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("refuses wrong options", async () => {
    await expect(cifar10({ limit: 0 })).rejects.toThrow("cifar10() wants limit to be an integer from 1 up, got 0.");
    await expect(cifar10({ folde: "x" } as object)).rejects.toThrow("did you mean folder?");
  });
});

describe("parseCifar", () => {
  /** Two records by hand: pixel p of the colour c is p + 50 c, modulo 256; the second record has them all one higher. */
  const records = new Uint8Array(2 * 3073);
  [3, 9].forEach((label, i) => {
    records[i * 3073] = label;
    for (let k = 0; k < 3072; k++) records[i * 3073 + 1 + k] = (k % 1024) + 50 * Math.floor(k / 1024) + i;
  });

  it("puts the three colours of a pixel side by side", () => {
    const { images, labels } = parseCifar(records);
    expect(Array.from(labels)).toEqual([3, 9]);
    expect(Array.from(images.subarray(0, 9))).toEqual([0, 50, 100, 1, 51, 101, 2, 52, 102]);
    expect(Array.from(images.subarray(3072, 3078))).toEqual([1, 51, 101, 2, 52, 102]);
    // Row 1, column 2 is pixel 34.
    expect(Array.from(images.subarray(34 * 3, 35 * 3))).toEqual([34, 84, 134]);
  });

  it("refuses records that are cut short, none at all, and labels that do not exist", () => {
    expect(() => parseCifar(records.subarray(0, 6145), "a.bin")).toThrow(
      "parseCifar() wants a.bin to hold records of 3073 bytes, got 6145 bytes: cut short?",
    );
    expect(() => parseCifar(new Uint8Array(0))).toThrow("got 0 bytes");
    const mislabelled = Uint8Array.from(records);
    mislabelled[3073] = 10;
    expect(() => parseCifar(mislabelled, "a.bin")).toThrow(/parseCifar\(\) wants the labels of a\.bin .* got 10 at 1/);
  });
});
