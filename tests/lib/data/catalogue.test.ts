import { resolve } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { cacheFolder, catalogue } from "../../../lib/src/data/catalogue";

afterEach(() => vi.unstubAllEnvs());

describe("catalogue", () => {
  it("states for every file where it is, how long, and its sums", () => {
    for (const { title, homepage, licence, citation, mirrors, files, archive } of Object.values(catalogue())) {
      for (const text of [title, licence, citation]) expect(text.length).toBeGreaterThan(5);
      for (const address of [homepage, ...mirrors]) expect(new URL(address).href).toBe(address);
      for (const mirror of mirrors) expect(mirror.endsWith("/")).toBe(true);
      for (const { name, bytes, sha256, md5 } of archive ? [archive, ...files] : files) {
        expect(name).toMatch(/^[\w.-]+$/);
        expect(bytes).toBeGreaterThan(0);
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        if (md5) expect(md5).toMatch(/^[0-9a-f]{32}$/);
      }
      if (archive) expect(archive.inside).toMatch(/^([\w.-]+\/)*$/);
    }
  });

  // As torchvision states them, which took them from the publisher.
  it("has the sums of MNIST that others publish", () => {
    expect(Object.fromEntries(catalogue().mnist.files.map(({ name, md5 }) => [name, md5]))).toEqual({
      "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
      "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
      "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
      "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
    });
  });
});

describe("the entry of CIFAR-10", () => {
  // MD5 as the publisher's page states it; SHA-256 and length as TensorFlow Datasets has them.
  it("has the archive's sums that others publish, and six files of 10,000 records", () => {
    const { archive, files } = catalogue().cifar10;
    expect(archive).toEqual({
      name: "cifar-10-binary.tar.gz",
      bytes: 170_052_171,
      md5: "c32a1d4ab5d03f1284b67883e8d87530",
      sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
      inside: "cifar-10-batches-bin/",
    });
    expect(files.map(({ name }) => name)).toEqual(
      [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`).concat("test_batch.bin"),
    );
    for (const { bytes } of files) expect(bytes).toBe(10_000 * 3073);
  });
});

describe("cacheFolder", () => {
  it("is what NABLAB_DATA names, else datasets/cache", () => {
    vi.stubEnv("NABLAB_DATA", "/tmp/some where");
    expect(cacheFolder()).toBe("/tmp/some where");
    vi.stubEnv("NABLAB_DATA", "");
    expect(cacheFolder()).toBe(resolve(__dirname, "../../../datasets/cache"));
  });
});
