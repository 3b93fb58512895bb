import { describe, expect, it } from "vitest";
import { compileArguments, installedCompilers } from "../../../kernel-setup/src/setup/compiler";
import { program, temporaryFolder } from "../sandbox";

describe("installedCompilers", () => {
  it("lists $CXX, g++, clang++ and c++ in that order", () => {
    const folder = temporaryFolder();
    for (const name of ["c++", "clang++", "g++"]) program(folder, name, "");
    const found = installedCompilers({ PATH: folder, CXX: "ccache g++-13" });
    expect(found.map(({ command }) => command)).toEqual([["ccache", "g++-13"], ["g++"], ["clang++"], ["c++"]]);
  });

  it("is empty on a machine without any", () => {
    expect(installedCompilers({ PATH: temporaryFolder() })).toEqual([]);
  });
});

describe("compileArguments", () => {
  it("let the binding find TensorFlow from its own folder, so that a clone can be moved", () => {
    const sources = { entry: "a b.cc", include: ["x y"], tensorflow: "/t f", rpath: "$ORIGIN/../tensorflow" };
    const args = compileArguments(sources, "out.node");
    expect(args).toContain("-Wl,$ORIGIN/../tensorflow");
    expect(args).toContain("a b.cc");
    expect(args.slice(args.indexOf("-I"), args.indexOf("-I") + 2)).toEqual(["-I", "x y"]);
    expect(args).toContain("/t f/libtensorflow_cc.so.2");
  });
});
