import { afterEach, describe, expect, it, vi } from "vitest";
import { Failure, explain, main } from "../../../kernel-setup/src/setup/failure";

const pipOffline = `WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/anyio/
ERROR: Could not find a version that satisfies the requirement anyio==4.16.0 (from versions: none)
ERROR: No matching distribution found for anyio==4.16.0`;

describe("explain", () => {
  it.each([
    [pipOffline, "the Python package index cannot be reached"],
    ["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "the disk is full"],
    ["OSError: [Errno 30] Read-only file system: '/course/.venv'", "this folder cannot be written"],
    ["PermissionError: [Errno 13] Permission denied: '/course/.venv'", "this folder cannot be written"],
    [
      "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed'))",
      "the certificate of the Python package index is not trusted here",
    ],
    [
      "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
      "a download differs from what kernel-setup/python pins",
    ],
  ])("names the cause behind %j", (output, why) => {
    const failure = explain("the packages could not be installed", output, "read the log");
    expect(failure.why).toBe(why);
    expect(failure.remedy).not.toBe("read the log");
  });

  it("quotes the last line with an error where the cause is unknown, and gives the caller's remedy", () => {
    const failure = explain("it failed", "Collecting a\nERROR: something new\nbye", "read the log");
    expect(failure).toMatchObject({ what: "it failed", why: "ERROR: something new", remedy: "read the log" });
  });

  it("says so when a program ended without a word", () => {
    expect(explain("it failed", "", "try again").why).toBe("it ended without a word");
  });
});

describe("a failure", () => {
  it("is printed as what, why and what to do, in five lines of a terminal at most", () => {
    const lines = new Failure("it failed", "word ".repeat(200), "remedy ".repeat(200)).toString().split("\n");
    expect(lines.map((line) => line.slice(0, 7))).toEqual(["✗ it fa", "  why: ", "  do:  "]);
    const rows = lines.map((line) => Math.ceil(line.length / 100)).reduce((a, b) => a + b);
    expect(rows).toBeLessThanOrEqual(5);
  });
});

describe("main", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });

  it("names the file and the cause where the disk refuses, in at most five lines, and fails", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const refused = Object.assign(new Error("EROFS: read-only"), { code: "EROFS", path: "/course/.nablab/setup.lock" });
    await main(() => Promise.reject(refused));
    expect(process.exitCode).toBe(1);
    expect(said.mock.calls.join()).toContain("/course/.nablab/setup.lock could not be written\n  why: this folder");
  });

  it("passes on what is a mistake of the program itself", async () => {
    await expect(main(() => Promise.reject(new TypeError("x is not a function")))).rejects.toThrow(TypeError);
    expect(process.exitCode).toBe(1);
  });

  it("ends with the exit code of the command", async () => {
    await main(() => Promise.resolve(3));
    expect(process.exitCode).toBe(3);
  });
});
