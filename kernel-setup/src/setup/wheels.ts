import { existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { sitePackages as packagesOf } from "./paths";

/** Whether pip counts a package as installed; the name as in its `.dist-info` folder, for example `tensorflow_cpu`. */
export function hasPackage(name: string, environment: string): boolean {
  const folder = packagesOf(environment);
  return !!folder && readdirSync(folder).some((entry) => entry.startsWith(`${name}-`) && entry.endsWith(".dist-info"));
}

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
  return broken.map((name) => name.replace(/-[^-]*\.dist-info$/, ""));
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
