import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { decodeSafetensors, encodeSafetensors, type Safetensors } from "./safetensors";

/** Writes a file beside the old one and renames it: a program that is killed in between leaves the old one whole. */
export function writeSafetensors(file: string, content: Safetensors): void {
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, encodeSafetensors(content));
  renameSync(part, file);
}

/** @throws Error where the file cannot be read, RangeError where it is damaged */
export const readSafetensors = (file: string): Safetensors => decodeSafetensors(readFileSync(file), file);
