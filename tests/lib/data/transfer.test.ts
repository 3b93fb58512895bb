import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, Server, ServerResponse } from "node:http";
import { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { transfer } from "../../../lib/src/data/transfer";

const content = Buffer.from(Array.from({ length: 1000 }, (_, i) => `${i},`).join(""));
const never = new AbortController().signal;

describe("transfer", () => {
  let folder: string;
  let server: Server;
  let address: string;
  let ranges: (string | undefined)[];
  let respond: (response: ServerResponse, from: number) => void;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "nablab-"));
    ranges = [];
    server = createServer(({ headers }, response) => {
      ranges.push(headers.range);
      respond(response, Number(/\d+/.exec(headers.range ?? "0")![0]));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const run = (options = {}) =>
    transfer(address, join(folder, "a"), {
      bytes: content.length,
      stallSeconds: 10,
      signal: never,
      onBytes() {},
      ...options,
    });

  it("asks for what is missing alone, after a cut in the middle", async () => {
    let line: ServerResponse;
    respond = (response, from) => {
      const range = `bytes ${from}-${content.length - 1}/${content.length}`;
      response.writeHead(from > 0 ? 206 : 200, { "content-range": range, "content-length": content.length - from });
      if (from > 0) response.end(content.subarray(from));
      else (line = response).write(content.subarray(0, 100));
    };
    // Cut when the client has written what came: what is under way when a line breaks may be lost.
    await expect(run({ onBytes: () => line.socket!.destroy() })).rejects.toMatchObject({ again: true });
    expect(statSync(join(folder, "a")).size).toBe(100);
    await run();
    expect(ranges).toEqual([undefined, "bytes=100-"]);
    expect(readFileSync(join(folder, "a")).equals(content)).toBe(true);
    await run();
    expect(ranges.length).toBe(2);
  });

  it.each([
    [404, false],
    [403, false],
    [500, true],
    [503, true],
  ])("says whether another try makes sense: %d %s", async (code, again) => {
    respond = (response) => void response.writeHead(code).end();
    await expect(run()).rejects.toMatchObject({ name: "TransferFailure", again });
  });

  it("asks that nobody unpacks the bytes on the way", async () => {
    let asked: string | string[] | undefined;
    respond = (response) => {
      asked = response.req.headers["accept-encoding"];
      response.end(content);
    };
    await run();
    expect(asked).toBe("identity");
  });
});
