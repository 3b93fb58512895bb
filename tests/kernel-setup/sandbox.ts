import { type SpawnOptions, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** The clone that is tested. */
export const root = join(__dirname, "../..");

/**
 * A folder that goes when the test ends; its name has a space and letters outside ASCII, as learners' folders have.
 *
 * @param atEnd receives the function that removes the folder, for one that several tests share
 */
export function temporaryFolder(atEnd: (remove: () => void) => void = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), "nablab sét-up ß "));
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Writes files below a folder, with the folders they need. */
export function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Puts a program of that name into a folder: a shell script. */
export function program(folder: string, name: string, script: string): string {
  write(folder, { [name]: `#!/bin/sh\n${script}\n` });
  chmodSync(join(folder, name), 0o755);
  return join(folder, name);
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. */
export function ended(file: string, args: string[], options: SpawnOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const result = { stdout: "", stderr: "" };
    child.stdout!.setEncoding("utf8").on("data", (text: string) => (result.stdout += text));
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (result.stderr += text));
    child.on("error", reject).on("close", (code) => resolve({ code, ...result }));
  });
}

/**
 * A clone with the real programs but without the real set-up: the built TypeScript is copied, npm's packages are
 * links (tfjs-node is a copy without its binding, because the set-up writes into it), and `.venv` is an empty folder with a TensorFlow
 * that is a link. What a test breaks or builds in it touches nobody else.
 */
export function mirrorClone(atEnd?: (remove: () => void) => void): string {
  const clone = temporaryFolder(atEnd);
  const copy = (name: string) => cpSync(join(root, name), join(clone, name), { recursive: true });
  for (const name of ["kernel-setup/dist", "kernel-setup/native", "kernel-setup/python", "lib/package.json"])
    copy(name);
  const packages = join(root, "node_modules");
  for (const name of readdirSync(packages).filter((entry) => entry !== "@tensorflow")) {
    mkdirSync(join(clone, "node_modules"), { recursive: true });
    symlinkSync(join(packages, name), join(clone, "node_modules", name));
  }
  for (const name of readdirSync(join(packages, "@tensorflow"))) {
    const path = join("node_modules/@tensorflow", name);
    mkdirSync(join(clone, "node_modules/@tensorflow"), { recursive: true });
    if (name === "tfjs-node-gpu") copy(path);
    else symlinkSync(join(root, path), join(clone, path));
  }
  rmSync(join(clone, "node_modules/@tensorflow/tfjs-node-gpu/lib"), { recursive: true });
  const library = readdirSync(join(root, ".venv/lib")).find((name) => name.startsWith("python3."))!;
  const site = join("lib", library, "site-packages");
  mkdirSync(join(clone, ".venv", site), { recursive: true });
  mkdirSync(join(clone, "notebooks"));
  symlinkSync(join(root, ".venv", site, "tensorflow"), join(clone, ".venv", site, "tensorflow"));
  return clone;
}
