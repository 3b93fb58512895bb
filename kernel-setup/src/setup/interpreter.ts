import { run } from "./command";
import { Failure } from "./failure";

/** A Python that the course can use. */
export interface Interpreter {
  /** Absolute path of the program. */
  path: string;
  /** For example "3.12.1". */
  version: string;
}

/** The minor versions of Python 3 that TensorFlow 2.21 is published for. */
export const pythonRange = { oldest: 10, newest: 13 };

const { oldest, newest } = pythonRange;
const names = ["python3", "python", ...Array.from({ length: newest - oldest + 1 }, (_, i) => `python3.${newest - i}`)];
const question = "import sys; print(sys.executable, *sys.version_info[:3], sys.maxsize > 2**32, sep='\\n')";

/**
 * Finds the first Python on the PATH that fits: `python3` where it does, otherwise the newest `python3.x` that does.
 *
 * @throws {Failure} saying which Pythons were found and why none of them fits.
 */
export async function findInterpreter(): Promise<Interpreter> {
  const seen = new Set<string>();
  for (const name of names) {
    const { code, stdout } = await run(name, ["-c", question]);
    // A pyenv shim for a version that is not selected, or Windows' shop window, is there but does not run.
    if (code !== 0) continue;
    const [path, major, minor, patch, wide] = stdout.trim().split(/\r?\n/);
    const version = `${major}.${minor}.${patch}`;
    if (Number(major) === 3 && Number(minor) >= oldest && Number(minor) <= newest && wide === "True") {
      return { path, version };
    }
    seen.add(wide === "True" ? version : `${version} (32 bit)`);
  }
  throw new Failure(
    seen.size ? `Python ${[...seen].join(" and ")} does not fit` : "no Python was found",
    `TensorFlow 2.21 and JupyterLab need Python 3.${oldest} to 3.${newest}, 64 bit`,
    `install one beside the others (Debian and Ubuntu: \`sudo apt install python3 python3-venv\`), then run this again`,
  );
}
