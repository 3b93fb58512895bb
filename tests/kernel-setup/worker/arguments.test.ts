import { describe, expect, it } from "vitest";
import { readArguments } from "../../../kernel-setup/src/worker/arguments";

describe("the worker's command line", () => {
  it("finds the module where the command was called, and leaves the rest to the library", () => {
    expect(readArguments(["digits.js"], "/home/me/search")).toEqual({
      pool: { module: "/home/me/search/digits.js" },
      queue: {},
    });
  });

  it("reads which queue, how many processes, for how long, and options", () => {
    const words = '--redis redis://10.0.0.2:6379 --queue digits --workers 3 --seconds 90 --options {"epochs":2} /m.js';
    expect(readArguments(words.split(" "), "/")).toEqual({
      pool: { module: "/m.js", options: { epochs: 2 }, workers: 3, seconds: 90 },
      queue: { redis: "redis://10.0.0.2:6379", name: "digits" },
    });
  });

  it.each([
    [[], "it wants one module, got 0"],
    [["a.js", "b.js"], "it wants one module, got 2"],
    [["a.js", "--worker", "2"], "Unknown option '--worker'"],
    [["a.js", "--options", "{"], "JSON"],
  ])("says how it is written where it gets %j", (words, why) => {
    expect(() => readArguments(words, "/")).toThrow(
      expect.objectContaining({
        why: expect.stringContaining(why) as string,
        remedy: expect.stringContaining("npm run worker -- MODULE.js") as string,
      }) as Error,
    );
  });
});
