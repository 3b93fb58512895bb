import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, IncomingMessage, Server, ServerResponse } from "node:http";
import { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { download, DownloadError, DownloadOptions } from "../../../lib/src/data/download";
import { ProgressUpdate } from "../../../lib/src/progress";
import { generator } from "../../../lib/src/random";

const content = Buffer.from(generator(1).permutation(75_000).buffer); // 300,000 bytes
const sha256 = createHash("sha256").update(content).digest("hex");

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** What a good server does: all of the file, or the part that was asked for. */
const serve: Answer = (request, response) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const headers = {
    "content-length": content.length - from,
    "content-range": `bytes ${from}-${content.length - 1}/${content.length}`,
  };
  response.writeHead(from > 0 ? 206 : 200, headers).end(content.subarray(from));
};

/** Sends so many bytes of what a good server would send, then cuts the line. */
const cutAfter =
  (count: number): Answer =>
  (request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const range = `bytes ${from}-${content.length - 1}/${content.length}`;
    response.writeHead(from > 0 ? 206 : 200, { "content-length": content.length - from, "content-range": range });
    response.write(content.subarray(from, from + count), () => response.socket?.end());
  };

const status =
  (code: number): Answer =>
  (_, response) =>
    void response.writeHead(code).end("<html>no</html>");

describe("download", () => {
  let folder: string;
  let server: Server;
  let base: string;
  let requests: { path: string; range: string | undefined }[];
  let answers: Record<string, Answer[]>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "nablab ä "));
    requests = [];
    answers = {};
    server = createServer((request, response) => {
      const path = request.url!;
      requests.push({ path, range: request.headers.range });
      const queue = answers[path] ?? [];
      // The last answer stays: a broken server is broken however often one asks.
      (queue.length > 1 ? queue.shift()! : (queue[0] ?? status(404)))(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const get = (paths: string[], options: Partial<DownloadOptions> = {}) =>
    download(
      {
        name: "file.bin",
        addresses: paths.map((path) => (path.startsWith("/") ? base + path : path)),
        bytes: content.length,
        sha256,
      },
      { folder, progress: false, ...options },
    );
  const file = () => join(folder, "file.bin");
  const left = () => readdirSync(folder).sort();
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.fail("it should have failed"),
      (error: Error) => error,
    );

  it("fetches a file, tells how far it is, and asks nobody the second time", async () => {
    answers["/a"] = [serve];
    const updates: ProgressUpdate[] = [];
    expect(await get(["/a"], { progress: (update) => updates.push(update) })).toBe(file());
    expect(readFileSync(file()).equals(content)).toBe(true);
    expect(updates[updates.length - 1]).toMatchObject({
      label: "file.bin",
      unit: "bytes",
      done: 300_000,
      total: 300_000,
      final: true,
    });
    await get(["/a"]);
    expect(requests.length).toBe(1);
    expect(left()).toEqual(["file.bin"]);
  });

  it("tries again where the connection is cut, and never goes back", async () => {
    answers["/a"] = [cutAfter(70_000), cutAfter(60_000), cutAfter(50_000), cutAfter(40_000), cutAfter(30_000), serve];
    // A cut may swallow what the client has not read yet, so that a try may bring nothing new.
    await get(["/a"], { attempts: 6 });
    expect(readFileSync(file()).equals(content)).toBe(true);
    const starts = requests.map(({ range }) => Number(/\d+/.exec(range ?? "0")![0]));
    expect(starts[0]).toBe(0);
    expect(starts.length).toBe(6);
    expect([...starts].sort((a, b) => a - b)).toEqual(starts);
  });

  it("keeps what arrived when all fails, says so, and goes on from there the next time", async () => {
    answers["/a"] = [cutAfter(100_000), status(503)];
    const error = await failure(get(["/a", "/gone"]));
    expect(error).toBeInstanceOf(DownloadError);
    const lines = error.message.split("\n");
    expect(lines[0]).toBe("file.bin (300.0 kB) is needed: it is missing. It could not be downloaded:");
    expect(lines[1]).toBe(`  ${base}/a: 503 Service Unavailable`);
    expect(lines[2]).toBe(`  ${base}/gone: 404 Not Found`);
    expect(lines[3]).toMatch(
      /^Remedy: try again with a network \(the [\d.]+ kB that arrived are kept\), or fetch it from /,
    );
    expect(lines[3]).toContain(`${base}/a elsewhere and put it at ${file()}`);
    expect(left()).toEqual(["file.bin.part"]);

    requests.length = 0;
    answers["/a"] = [serve];
    await get(["/a"]);
    expect(requests[0].range).toMatch(/^bytes=\d+-$/);
    expect(readFileSync(file()).equals(content)).toBe(true);
    expect(left()).toEqual(["file.bin"]);
  });

  it("goes to the next mirror on 404, a wrong length and a wrong sum, and never keeps a wrong file", async () => {
    const wrong = Buffer.from(content).fill(0, 1000, 1001);
    answers["/short"] = [(_, response) => void response.writeHead(200, { "content-length": 10 }).end("0123456789")];
    answers["/long"] = [(_, response) => void response.writeHead(200).end(Buffer.concat([content, content]))];
    answers["/wrong"] = [(_, response) => void response.end(wrong)];
    const error = await failure(get(["/gone", "/short", "/long", "/wrong"]));
    expect(error.message).toContain("/gone: 404 Not Found");
    expect(error.message).toContain("/short: the file has another length: 10 bytes instead of 300000");
    expect(error.message).toContain("/long: the file has another length: more than 300000 bytes");
    expect(error.message).toContain(
      `/wrong: its SHA-256 is ${createHash("sha256").update(wrong).digest("hex")} instead of ${sha256}`,
    );
    expect(left()).toEqual([]);
    answers["/good"] = [serve];
    await get(["/wrong", "/good"]);
    expect(readFileSync(file()).equals(content)).toBe(true);
  });

  it("begins anew where the server ignores Range, answers another part, or 416", async () => {
    const whole: Answer = (_, response) => void response.end(content);
    const otherPart: Answer = (_, response) =>
      void response.writeHead(206, { "content-range": `bytes 5-299999/300000` }).end(content.subarray(5));
    for (const odd of [whole, otherPart, status(416)]) {
      writeFileSync(`${file()}.part`, content.subarray(0, 1234));
      answers["/a"] = [odd, serve];
      await get(["/a"]);
      expect(readFileSync(file()).equals(content)).toBe(true);
      rmSync(file());
    }
  });

  it("gives up on a server that hangs, before or after its first bytes", async () => {
    answers["/silent"] = [() => {}];
    answers["/stuck"] = [
      (_, response) => void response.writeHead(200, { "content-length": 300_000 }).write(content.subarray(0, 500)),
    ];
    const error = await failure(get(["/silent", "/stuck"], { stallSeconds: 0.3, attempts: 1 }));
    expect(error.message.match(/nothing arrived for 0\.3 s/g)?.length).toBe(2);
    expect(left()).toEqual(["file.bin.part"]);
  });

  it("says that there is no network", async () => {
    const closed = `http://127.0.0.1:1/file.bin`;
    const error = await failure(get([closed, "http://host.invalid/file.bin"]));
    expect(error.message).toMatch(/127\.0\.0\.1:1\/file\.bin: .*(ECONNREFUSED|bad port)/);
    expect(error.message).toMatch(/host\.invalid\/file\.bin: no network, or no such host \((ENOTFOUND|EAI_AGAIN)\)/);
    expect(error.message).toContain(`put it at ${file()}`);
  });

  it("replaces a damaged file in the cache, and leaves it where it cannot", async () => {
    writeFileSync(file(), content.subarray(0, 299_999));
    expect((await failure(get(["/gone"]))).message).toContain("is needed: it has 299999 bytes instead of 300000.");
    expect(left()).toEqual(["file.bin"]);
    writeFileSync(file(), Buffer.from(content).reverse());
    expect((await failure(get(["/gone"]))).message).toMatch(/is needed: its SHA-256 is [0-9a-f]{64} instead of/);
    answers["/a"] = [serve];
    await get(["/a"]);
    expect(readFileSync(file()).equals(content)).toBe(true);
  });

  it("stops when it is told to, keeps what arrived, and reports the reason of the signal", async () => {
    const stop = new AbortController();
    answers["/a"] = [
      (_, response) => {
        response.writeHead(200, { "content-length": 300_000 }).write(content.subarray(0, 9000));
      },
    ];
    const seen = (update: ProgressUpdate) => update.done > 0 && stop.abort(new Error("enough"));
    await expect(get(["/a"], { signal: stop.signal, progress: seen })).rejects.toThrow("enough");
    expect(left()).toEqual(["file.bin.part"]);
    await expect(get(["/a"], { signal: stop.signal })).rejects.toThrow("enough");
    expect(requests.length).toBe(1);
  });

  it("lets calls in one process share a transfer", async () => {
    answers["/a"] = [serve];
    await Promise.all([get(["/a"]), get(["/a"]), get(["/a"])]);
    expect(requests.length).toBe(1);
  });

  it("takes over the part of a dead process, and leaves that of a living one alone", async () => {
    answers["/a"] = [serve];
    writeFileSync(`${file()}.1.part`, "of the init process, which lives");
    writeFileSync(`${file()}.${2 ** 30}.part`, content.subarray(0, 4321)); // no system counts processes so far
    await get(["/a"]);
    expect(requests[0].range).toBe("bytes=4321-");
    expect(readFileSync(file()).equals(content)).toBe(true);
    expect(left()).toEqual(["file.bin", "file.bin.1.part"]);
    expect(existsSync(`${file()}.part`)).toBe(false);
  });
});
