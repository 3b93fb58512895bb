import { rmSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { readText } from "./fingerprint";
import type { Progress } from "./progress";

/**
 * Runs the work while no other process runs work under the same lock file; two installers at once would spoil each
 * other's files. A lock whose owner is gone is taken over.
 */
export async function exclusively<T>(lock: string, progress: Progress, work: () => Promise<T>): Promise<T> {
  for (let told = false; !take(lock); told = true) {
    if (!told) progress.say(`another set-up is running (process ${readText(lock)?.trim()}): waiting for it`);
    await wait(200);
  }
  const release = () => rmSync(lock, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.removeListener("exit", release);
    release();
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const owner = Number(readText(lock));
  // Empty while its owner is between creating and writing it.
  if (owner && !isAlive(owner)) rmSync(lock, { force: true });
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
