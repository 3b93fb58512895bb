import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, dirname } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(__dirname, "..");
const source = join(root, "lib/src");

/** The rooms of the library from top to bottom; a room imports only from its own floor's left or from above. */
const floors = [
  ["check", "random", "fast", "progress"],
  ["tensorflow"],
  ["scratch"],
  ["data"],
  ["kernels"],
  ["capture"],
  ["models", "optim"],
  ["train"],
  ["gan", "nas", "rl", "vision"],
  ["display"],
  ["viz"],
  ["course"],
  ["index", "checkpoints"],
];

interface Import {
  file: string;
  from: string;
  /** A path relative to lib/src for our own files, the package's name for others. */
  to: string;
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(source, file), "utf8");
  const specifiers = [...text.matchAll(/(?:\bfrom\s+|\brequire\(\s*|\bimport\(\s*|^import\s+)"([^"]+)"/gm)].map(
    (match) => match[1],
  );
  return specifiers.map((from) => ({
    file,
    from,
    to: from.startsWith(".") ? relative(source, resolve(source, dirname(file), from)) || "index" : from,
  }));
});

const roomOf = (path: string) => path.split("/")[0].replace(/\.ts$/, "");
const floorOf = (room: string) => floors.findIndex((floor) => floor.includes(room));

describe("the library's rooms", () => {
  it("are all on the plan", () => {
    expect([...new Set(files.map(roomOf))].filter((room) => floorOf(room) < 0)).toEqual([]);
  });

  it("import only from rooms above them", () => {
    const upward = imports
      .filter(({ from }) => from.startsWith("."))
      .filter(({ file, to }) => roomOf(file) !== roomOf(to) && floorOf(roomOf(to)) > floorOf(roomOf(file)))
      .map(({ file, to }) => `${file} imports ${to}`);
    expect(upward).toEqual([]);
  });

  it("reach TensorFlow.js through one door", () => {
    const doors = imports.filter(({ to }) => to.startsWith("@tensorflow/")).map(({ file }) => roomOf(file));
    expect([...new Set(doors)]).toEqual(["tensorflow"]);
  });

  it("reach the notebook through one door", () => {
    const doors = imports.filter(({ to }) => to === "tslab").map(({ file }) => roomOf(file));
    expect([...new Set(doors)].filter((room) => room !== "display")).toEqual([]);
  });

  it("hold files of at most 300 lines", () => {
    const long = files
      .map((file) => ({
        file,
        lines: readFileSync(join(source, file), "utf8")
          .split("\n")
          .filter((l) => l.trim()).length,
      }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });
});
