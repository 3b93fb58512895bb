import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The clone this program runs from: `kernel-setup/dist/setup` lies three folders below it. */
export const root = join(__dirname, "../../..");

/** The Python virtual environment of the clone. */
export const venv = join(root, ".venv");

/** Logs, locks and notes of the set-up; deleting the folder costs nothing but a few seconds. */
export const state = join(root, ".nablab");

/** The interpreter inside a virtual environment. */
export const venvPython = (environment = venv): string =>
  process.platform === "win32" ? join(environment, "Scripts/python.exe") : join(environment, "bin/python");

/** The `site-packages` of a virtual environment, or undefined where there is none. */
export function sitePackages(environment = venv): string | undefined {
  if (process.platform === "win32") return existing(join(environment, "Lib/site-packages"));
  const library = join(environment, "lib");
  if (!existsSync(library)) return undefined;
  const version = readdirSync(library).find((name) => /^python3\.\d+$/.test(name));
  return version && existing(join(library, version, "site-packages"));
}

const existing = (path: string) => (existsSync(path) ? path : undefined);
