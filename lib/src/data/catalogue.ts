import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** A file that a data set consists of. */
export interface CatalogueFile {
  name: string;
  bytes: number;
  sha256: string;
  /** As publishers often state it; not checked. */
  md5?: string;
}

/** What `datasets/catalogue.json` says about a data set. */
export interface CatalogueEntry {
  title: string;
  homepage: string;
  licence: string;
  citation: string;
  /** Folders that hold the files, tried in order; each ends in a slash. */
  mirrors: string[];
  files: CatalogueFile[];
  /** Where the files are not offered one by one: the `.tar.gz` that holds them, in a folder that ends in a slash. */
  archive?: CatalogueFile & { inside: string };
}

// From lib/src/data and from lib/dist/data alike.
const DATASETS = resolve(__dirname, "../../../datasets");

/** The data sets that nablab knows, with addresses, sizes, checksums, licences and citations. */
export function catalogue(): Record<string, CatalogueEntry> {
  return JSON.parse(readFileSync(join(DATASETS, "catalogue.json"), "utf8"));
}

/** The folder that downloads land in: what `NABLAB_DATA` names, else `datasets/cache` of nablab itself. */
export function cacheFolder(): string {
  return resolve(process.env.NABLAB_DATA || join(DATASETS, "cache"));
}
