import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { brokenWheels, forgetBrokenWheels } from "../../../kernel-setup/src/setup/wheels";
import { temporaryFolder, write } from "../sandbox";

let site: string;
beforeEach(() => {
  site = temporaryFolder();
  write(site, {
    "whole/code.py": "pass\n",
    "whole-1.0.dist-info/METADATA": "Name: whole\n",
    "whole-1.0.dist-info/RECORD": [
      "whole/code.py,sha256=x,5",
      "whole/__pycache__/code.cpython-311.pyc,,",
      "whole-1.0.dist-info/METADATA,sha256=x,12",
      "whole-1.0.dist-info/RECORD,,\n",
    ].join("\n"),
    "with_comma/a,b.txt": "ab",
    "with_comma-1.0.dist-info/RECORD": '"with_comma/a,b.txt",sha256=x,2\n',
  });
});

describe("brokenWheels", () => {
  it("finds nothing wrong with whole packages, whose compiled files may be away", () => {
    expect(brokenWheels(site)).toEqual([]);
  });

  it("finds a package whose installation was cut off before its RECORD was written", () => {
    rmSync(join(site, "whole-1.0.dist-info/RECORD"));
    expect(brokenWheels(site)).toEqual(["whole-1.0.dist-info"]);
  });

  it("finds a package with a missing file and one with a truncated file", () => {
    rmSync(join(site, "whole/code.py"));
    write(site, { "with_comma/a,b.txt": "a" });
    expect(brokenWheels(site)).toEqual(["whole-1.0.dist-info", "with_comma-1.0.dist-info"]);
  });
});

describe("forgetBrokenWheels", () => {
  it("makes pip install just the broken packages again", () => {
    write(site, { "whole/code.py": "pa" });
    expect(forgetBrokenWheels(site)).toEqual(["whole"]);
    expect(existsSync(join(site, "whole-1.0.dist-info"))).toBe(false);
    expect(existsSync(join(site, "with_comma-1.0.dist-info"))).toBe(true);
  });
});
