import { mkdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command";
import { Failure, explain } from "./failure";
import { root, sitePackages, venv, venvPython } from "./paths";
import type { Progress } from "./progress";
import { forgetBrokenWheels } from "./wheels";

/** The list of pinned packages with that name in `kernel-setup/python`. */
export const lockFile = (name: string): string => join(root, "kernel-setup/python", `${name}.txt`);

export interface PipInstallOptions {
  /** Disk space that the packages take in the worst case, in GB. */
  gigabytes: number;
  environment?: string;
  /** Packages to remove first, because they own the same files. */
  replaces?: string[];
}

/**
 * Installs a list of pinned packages, each checked against its hash; with everything there already, pip asks no
 * network. The user's own pip settings (proxies, mirrors, certificates) hold.
 *
 * @throws {Failure} for a full disk, no network, or whatever pip says.
 */
export async function pipInstall(lock: string, progress: Progress, options: PipInstallOptions): Promise<void> {
  const { gigabytes, environment = venv, replaces = [] } = options;
  const what = `the Python packages of kernel-setup/python/${lock}.txt could not be installed`;
  mkdirSync(environment, { recursive: true });
  requireSpace(what, environment, gigabytes);
  const packages = sitePackages(environment);
  if (packages) forgetBrokenWheels(packages);
  const pip = (...args: string[]) =>
    run(venvPython(environment), ["-m", "pip", "--no-input", "--disable-pip-version-check", ...args], {
      log: "setup.log",
      // A user's own default of `--user` or `--target` would put the packages where the course does not look.
      env: { PIP_USER: "0", PIP_TARGET: undefined, PIP_PREFIX: undefined },
      onLine: (line) => progress.detail(line),
    });
  if (replaces.length) await pip("uninstall", "--yes", ...replaces);
  const install = ["--progress-bar", "off", "--no-deps", "--require-hashes", "--only-binary", ":all:"];
  const { code, output } = await pip("install", ...install, "--requirement", lockFile(lock));
  if (code !== 0) throw explain(what, output, "read .nablab/setup.log, then run the same command again");
}

/** @throws {Failure} where a folder's disk has less room than is needed. */
export function requireSpace(what: string, folder: string, gigabytes: number, free = freeGigabytes(folder)): void {
  if (free >= gigabytes) return;
  throw new Failure(
    what,
    `they take ${gigabytes} GB and ${folder} has ${free.toFixed(1)} GB left`,
    `free ${(gigabytes - free).toFixed(1)} GB, then run the same command again`,
  );
}

function freeGigabytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize) / 1e9;
}
