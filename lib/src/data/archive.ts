import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { damageOf, download, DownloadError, DownloadOptions, RemoteFile, sharing } from "./download";
import { parseTar } from "./tar";
import { sizeOf } from "./transfer";

/** A file inside an archive, and how to know that it is the right one. */
export interface PackedFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** A `.tar.gz` on the network that holds files of a data set. */
export interface RemoteArchive extends RemoteFile {
  /** The folder inside the archive that they are in, ending in a slash; "" for none. */
  inside: string;
}

const running = new Map<string, Promise<string[]>>();

/**
 * Makes sure that all these files are in their folder, whole and right. What is there is checked every time (size and
 * SHA-256). Where one is missing or damaged, the archive that holds them is fetched as `download()` does, unpacked, and
 * removed again unless it was put there by hand. Each file is written beside its place, checked, and then renamed.
 *
 * @returns the paths, in the order of `files`
 * @throws DownloadError that says which files are needed and why, where they come from, and where to put them
 */
export async function unpackArchive(
  archive: RemoteArchive,
  files: readonly PackedFile[],
  options: DownloadOptions,
): Promise<string[]> {
  const key = join(options.folder, archive.name);
  // Two cells that ask at once share one: they would write to the same parts.
  return sharing(running, key, () => fetchAndUnpack(archive, files, options));
}

async function fetchAndUnpack(
  archive: RemoteArchive,
  files: readonly PackedFile[],
  options: DownloadOptions,
): Promise<string[]> {
  const { folder } = options;
  const paths = files.map(({ name }) => join(folder, name));
  const damage = await Promise.all(files.map((file, i) => damageOf(paths[i], file)));
  const wanted = files.filter((_, i) => damage[i] !== undefined);
  if (wanted.length === 0) return paths;
  const byHand = (await sizeOf(join(folder, archive.name))) > 0;
  let packed: string;
  try {
    packed = await download(archive, options);
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    const needs = files.flatMap(({ name }, i) => (damage[i] === undefined ? [] : [`  ${name}: ${damage[i]}`]));
    throw new DownloadError(
      [`These files of the data set are needed in ${folder}:`, ...needs, `They come in an archive. ${error.message}`]
        .join("\n")
        .concat(`, or put the unpacked ${wanted.map(({ name }) => name).join(", ")} into ${folder}.`),
    );
  }
  await unpack(packed, archive, wanted, folder);
  if (!byHand) await rm(packed, { force: true });
  return paths;
}

async function unpack(
  path: string,
  archive: RemoteArchive,
  wanted: readonly PackedFile[],
  folder: string,
): Promise<void> {
  // In memory, and off the main thread: its sum is right already, so it is no larger than the catalogue's author saw.
  const found = parseTar(await promisify(gunzip)(await readFile(path)), path);
  for (const file of wanted) {
    const bytes = found.get(archive.inside + file.name);
    if (!bytes) throw new RangeError(`unpackArchive() finds no ${archive.inside}${file.name} in ${path}.`);
    const target = join(folder, file.name);
    const part = `${target}.${process.pid}.part`;
    try {
      await writeFile(part, bytes, { flush: true });
      const damage = await damageOf(part, file);
      if (damage) throw new RangeError(`unpackArchive() unpacked ${file.name} from ${path}, and ${damage}.`);
      await rename(part, target);
    } finally {
      await rm(part, { force: true });
    }
  }
}
