import { existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { sitePackages as packagesOf } from "./paths";

/** The installed Python packages, as in their `.dist-info` folders, for example `tensorflow_cpu`. */
export function installedPackages(environment: string): string[] {
  const folder = packagesOf(environment);
  if (!folder) return [];
  return readdirSync(folder)
    .filter((entry) => entry.endsWith(".dist-info"))
    .map(packageOf);
}

/** Whether pip counts a package as installed. */
export const hasPackage = (name: string, environment: string): boolean => installedPackages(environment).includes(name);

const packageOf = (distInfo: string) => distInfo.replace(/-[^-]*\.dist-info$/, "");

/**
 * The installed Python packages that miss a file, or have one of another size than their RECORD says.
 *
 * pip copies a wheel's files one by one and counts a package as installed as soon as its METADATA lies there, so a
 * computer that was switched off in the middle leaves packages that pip would never mend.
 *
 * @returns their `.dist-info` folders.
 */
export function brokenWheels(sitePackages: string): string[] {
  return readdirSync(sitePackages)
    .filter((name) => name.endsWith(".dist-info"))
    .filter((name) => !isWhole(sitePackages, name));
}

/** Makes pip forget the broken packages, so that its next run installs them again; returns their names. */
export function forgetBrokenWheels(sitePackages: string): string[] {
  const broken = brokenWheels(sitePackages);
  for (const name of broken) rmSync(join(sitePackages, name), { recursive: true });
  return broken.map(packageOf);
}

function isWhole(sitePackages: string, distInfo: string): boolean {
  const record = join(sitePackages, distInfo, "RECORD");
  if (!existsSync(record)) return false;
  return readFileSync(record, "utf8")
    .split("\n")
    .every((line) => {
      // Paths with a comma are quoted in RECORD; compiled .pyc files carry no size and may be removed by anyone.
      const parts = /^(?:"([^"]+)"|([^",]+)),[^,]+,(\d+)\r?$/.exec(line);
      if (!parts) return true;
      const found = statSync(join(sitePackages, parts[1] ?? parts[2]), { throwIfNoEntry: false });
      return found?.size === Number(parts[3]);
    });
}
