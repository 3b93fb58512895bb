import { readFileSync } from "node:fs";
import { decodeSafetensors, encodeSafetensors, type Safetensors } from "./safetensors";
import { writeWhole } from "./whole-file";

/** Writes a file, or leaves the old one whole. */
export const writeSafetensors = (file: string, content: Safetensors): void =>
  writeWhole(file, encodeSafetensors(content));

/** @throws Error where the file cannot be read, RangeError where it is damaged */
export const readSafetensors = (file: string): Safetensors => decodeSafetensors(readFileSync(file), file);
