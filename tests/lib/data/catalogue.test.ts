import { resolve } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { cacheFolder, catalogue } from "../../../lib/src/data/catalogue";

afterEach(() => vi.unstubAllEnvs());

describe("catalogue", () => {
  it("states for every file where it is, how long, and its sums", () => {
    for (const { title, homepage, licence, citation, mirrors, files } of Object.values(catalogue())) {
      for (const text of [title, licence, citation]) expect(text.length).toBeGreaterThan(5);
      for (const address of [homepage, ...mirrors]) expect(new URL(address).href).toBe(address);
      for (const mirror of mirrors) expect(mirror.endsWith("/")).toBe(true);
      for (const { name, bytes, sha256, md5 } of files) {
        expect(name).toMatch(/^[\w.-]+$/);
        expect(bytes).toBeGreaterThan(0);
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        if (md5) expect(md5).toMatch(/^[0-9a-f]{32}$/);
      }
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

describe("cacheFolder", () => {
  it("is what NABLAB_DATA names, else datasets/cache", () => {
    vi.stubEnv("NABLAB_DATA", "/tmp/some where");
    expect(cacheFolder()).toBe("/tmp/some where");
    vi.stubEnv("NABLAB_DATA", "");
    expect(cacheFolder()).toBe(resolve(__dirname, "../../../datasets/cache"));
  });
});
