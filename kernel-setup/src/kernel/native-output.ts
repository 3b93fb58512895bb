import { closeSync, fstatSync, mkdirSync, openSync, readSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeSizes } from "./protocol";

/** The files that stand behind the file descriptors 1 and 2, and the one where C++ log lines are kept. */
export interface NativeFiles {
  stdout: string;
  stderr: string;
  log: string;
  /** Where standard error went before: the terminal of the Jupyter server. Null where it cannot be opened again. */
  terminal: number | null;
}

/** Where the kernel keeps its files: `NABLAB_LOG`, or a folder of its own under the system's temporary one. */
export function logFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.NABLAB_LOG ?? join(tmpdir(), "nablab-kernel");
}

/**
 * Puts files behind the file descriptors 1 and 2, so that what C++ code and child processes write can be shown in
 * the cell that made them write.
 *
 * `open` returns the lowest free descriptor, so closing 1 and opening a file at once gives that file the number 1;
 * Node.js has no `dup2`. Files, not pipes: nobody blocks on a full pipe, their size tells at any moment what has
 * been written so far (so native output and `console.log` keep their order), and after a crash they are still there.
 */
export function captureNativeOutput(folder: string = logFolder()): NativeFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (end: string) => join(folder, `${process.pid}.${end}`);
  const files = {
    stdout: file("stdout"),
    stderr: file("stderr"),
    log: join(folder, "kernel.log"),
    terminal: reopen("/dev/fd/2"),
  };
  for (const [descriptor, path] of [
    [1, files.stdout],
    [2, files.stderr],
  ] as const) {
    // Truncated first and then appended to: children share the file, and each write must go to its end.
    closeSync(openSync(path, "w", 0o600));
    closeSync(descriptor);
    const got = openSync(path, "a");
    if (got !== descriptor) throw new Error(`captureNativeOutput: wanted file descriptor ${descriptor}, got ${got}`);
  }
  return files;
}

/** A second descriptor for an open file; sockets cannot be opened again. */
function reopen(path: string): number | null {
  try {
    return openSync(path, "a");
  } catch {
    return null;
  }
}

/** How much has been written to the file descriptors 1 and 2 so far, in bytes. */
export function nativeSizes(): NativeSizes {
  return [fstatSync(1).size, fstatSync(2).size];
}

/** Reads what is new in a file that others append to, as text; characters cut in half wait for their other half. */
export class Tail {
  private readonly descriptor: number;
  private readonly decoder = new TextDecoder();
  private readonly buffer = Buffer.alloc(65536);
  private offset = 0;

  constructor(path: string) {
    this.descriptor = openSync(path, "r");
  }

  /** What was written since the last call, up to `end` bytes from the start of the file. */
  read(end = Infinity): string {
    let text = "";
    while (this.offset < end) {
      const wanted = Math.min(this.buffer.length, end - this.offset);
      const got = readSync(this.descriptor, this.buffer, 0, wanted, this.offset);
      if (got === 0) break;
      this.offset += got;
      text += this.decoder.decode(this.buffer.subarray(0, got), { stream: true });
    }
    return text;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
