import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, Server } from "node:http";
import { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unpackArchive } from "../../../lib/src/data/archive";
import { DownloadError } from "../../../lib/src/data/download";
import { generator } from "../../../lib/src/random";

const sum = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const contents = {
  "one.bin": Buffer.from(generator(1).permutation(5000).buffer),
  "two.bin": Buffer.from(generator(2).permutation(3000).buffer),
};
const files = Object.entries(contents).map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: sum(bytes) }));

/** A `.tar.gz` by the system's tar. */
function pack(members: Record<string, Uint8Array>): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "nablab-pack-"));
  try {
    mkdirSync(join(folder, "inner"));
    for (const [name, bytes] of Object.entries(members)) writeFileSync(join(folder, "inner", name), bytes);
    return execFileSync("tar", ["-czf", "-", "-C", folder, "inner"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("unpackArchive", () => {
  let folder: string;
  let server: Server;
  let base: string;
  let packed: Buffer;
  let requests: (string | undefined)[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "nablab ä "));
    packed = pack({ ...contents, "readme.html": Buffer.from("<p>not wanted</p>") });
    requests = [];
    server = createServer(({ headers: { range } }, response) => {
      requests.push(range);
      const from = Number(/bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
      const part = `bytes ${from}-${packed.length - 1}/${packed.length}`;
      response.writeHead(from > 0 ? 206 : 200, { "content-range": part }).end(packed.subarray(from));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const get = (changes: Partial<Parameters<typeof unpackArchive>[0]> = {}) => {
    const archive = { name: "set.tar.gz", addresses: [`${base}set.tar.gz`], bytes: packed.length, sha256: sum(packed) };
    return unpackArchive({ ...archive, inside: "inner/", ...changes }, files, { folder, progress: false });
  };
  const left = () => readdirSync(folder).sort();
  const isRight = () => {
    for (const [name, bytes] of Object.entries(contents)) expect(readFileSync(join(folder, name))).toEqual(bytes);
  };

  it("fetches the archive, unpacks what is wanted, leaves nothing else, and asks nobody the second time", async () => {
    expect(await get()).toEqual(files.map(({ name }) => join(folder, name)));
    isRight();
    expect(left()).toEqual(["one.bin", "two.bin"]);
    await get();
    expect(requests.length).toBe(1);
  });

  it("lets calls in one process share the work", async () => {
    await Promise.all([get(), get(), get()]);
    isRight();
    expect(requests.length).toBe(1);
    expect(left()).toEqual(["one.bin", "two.bin"]);
  });

  it("is content with unpacked files that somebody put there", async () => {
    for (const [name, bytes] of Object.entries(contents)) writeFileSync(join(folder, name), bytes);
    await get();
    expect(requests).toEqual([]);
  });

  it("unpacks an archive that somebody put there, and lets it stay", async () => {
    writeFileSync(join(folder, "set.tar.gz"), packed);
    await get();
    isRight();
    expect(requests).toEqual([]);
    expect(left()).toEqual(["one.bin", "set.tar.gz", "two.bin"]);
  });

  it("goes on with half an archive where a download was cut", async () => {
    writeFileSync(join(folder, "set.tar.gz.part"), packed.subarray(0, 1000));
    await get();
    isRight();
    expect(requests).toEqual(["bytes=1000-"]);
  });

  it.each(["cut short", "changed in one byte", "missing"])("replaces a file that is %s", async (how) => {
    await get();
    const path = join(folder, "two.bin");
    if (how === "missing") rmSync(path);
    else
      writeFileSync(
        path,
        how === "cut short" ? contents["two.bin"].subarray(1) : contents["two.bin"].map((b, i) => b ^ +(i === 9)),
      );
    await get();
    isRight();
    expect(requests.length).toBe(2);
    expect(left()).toEqual(["one.bin", "two.bin"]);
  });

  it("says which files are missing, from where, and where to put them", async () => {
    writeFileSync(join(folder, "one.bin"), "mislabelled");
    const error = await get({ addresses: ["http://host.invalid/set.tar.gz"] }).catch((reason: Error) => reason);
    expect(error).toBeInstanceOf(DownloadError);
    const { message } = error as Error;
    expect(message).toContain(`These files of the data set are needed in ${folder}:\n`);
    expect(message).toContain("  one.bin: it has 11 bytes instead of 20000\n  two.bin: it is missing\n");
    expect(message).toMatch(/They come in an archive\. set\.tar\.gz \([\d.]+ kB\) is needed: it is missing\./);
    expect(message).toContain(
      `from http://host.invalid/set.tar.gz elsewhere and put it at ${join(folder, "set.tar.gz")}`,
    );
    expect(message).toContain(`, or put the unpacked one.bin, two.bin into ${folder}.`);
    expect(left()).toEqual(["one.bin"]);
  });

  it("refuses an archive without a file, or with another one under its name, and keeps no half file", async () => {
    await expect(get({ inside: "outer/" })).rejects.toThrow(
      /unpackArchive\(\) finds no outer\/one\.bin in .*set\.tar\.gz\.$/,
    );
    packed = pack({ ...contents, "two.bin": Buffer.from(contents["two.bin"]).reverse() });
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    await expect(get()).rejects.toThrow(/unpacked two\.bin from .*, and its SHA-256 is [0-9a-f]{64} instead of/);
    expect(left()).toEqual(["one.bin", "set.tar.gz"]);
  });

  it("refuses an archive that is whole but no tar inside", async () => {
    packed = execFileSync("gzip", ["-c"], { input: Buffer.alloc(4096, 7) });
    await expect(get()).rejects.toThrow("to have a tar header at byte 0, but its sum is not right.");
  });
});
