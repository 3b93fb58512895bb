import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cachedData, dataHint } from "../../../../kernel-setup/src/setup/steps/data";
import { temporaryFolder, write } from "../../sandbox";

describe("the data hint", () => {
  it("names the data sets in the cache, and not folders that are still empty", () => {
    const cache = temporaryFolder();
    write(cache, { "mnist/train-images-idx3-ubyte.gz": "", "cifar10/test_batch.bin": "" });
    mkdirSync(join(cache, "gtsrb"));
    expect(cachedData(cache)).toEqual(["cifar10", "mnist"]);
    expect(dataHint(cache)).toBe("data sets in the cache: cifar10, mnist");
  });

  it("says what happens without any", () => {
    expect(dataHint(join(temporaryFolder(), "not there"))).toContain("10,000 digits that come along");
  });
});
