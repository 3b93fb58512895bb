import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Failure } from "../setup/failure";
import { root, venvPython } from "../setup/paths";

const notebooks = join(root, "notebooks");
const firstNotebook = "00-welcome.ipynb";

/**
 * The command line of JupyterLab: on this machine only, with its token, at the first notebook. What the user gives
 * comes last, where it counts more.
 */
export function jupyterArguments(given: string[]): string[] {
  const open = existsSync(join(notebooks, firstNotebook)) ? `/lab/tree/${firstNotebook}` : "/lab";
  return [
    ...["-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", `--ServerApp.root_dir=${notebooks}`],
    ...[`--LabApp.default_url=${open}`, "--MultiKernelManager.default_kernel_name=tslab"],
    // Ctrl+C shall end it at once instead of asking back.
    "--ServerApp.answer_yes=True",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    // It would look for nineteen language servers, none of which speaks to a notebook of ours.
    "--LanguageServerManager.autodetect=False",
    // Its limits of 1,000 messages and 1 MB a second would drop what a cell with many live charts shows.
    "--ZMQChannelsWebsocketConnection.iopub_msg_rate_limit=20000",
    "--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=100000000",
    // Who asks for a port wants that one; without, Jupyter takes the next free one.
    ...(askedPort(given) === undefined ? [] : ["--ServerApp.port_retries=0"]),
    ...(runsAsRoot() ? ["--allow-root"] : []),
    ...given,
  ];
}

const runsAsRoot = () => process.getuid?.() === 0;

/** The port among JupyterLab's arguments, if one is asked for; 0 asks for any. */
export function askedPort(given: string[]): number | undefined {
  const at = given.findIndex((argument) => /^(--port|--ServerApp\.port)(=|$)/.test(argument));
  if (at < 0) return undefined;
  const text = given[at].split("=")[1] ?? given[at + 1];
  const port = Number(text);
  if (text && Number.isInteger(port) && port >= 0 && port < 65536) return port;
  throw new Failure(
    `"${text ?? ""}" is not a port`,
    "a port is a whole number from 1 to 65535",
    "npm start -- --port 8899, or npm start for any free port",
  );
}

/** @throws {Failure} where the port that was asked for is taken. */
export async function requireFreePort(given: string[]): Promise<void> {
  const port = askedPort(given);
  if (!port) return;
  const code = await new Promise<string | undefined>((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(undefined)));
  });
  if (!code) return;
  throw new Failure(
    `port ${port} cannot be used`,
    code === "EADDRINUSE"
      ? "another program listens on it, perhaps a JupyterLab that is still running"
      : `the system refuses it (${code}); ports below 1024 belong to the administrator`,
    `npm start -- --port ${port < 65535 && port >= 1024 ? port + 1 : 8899}, or npm start for any free port`,
  );
}

/** How long JupyterLab may take to end its kernels before they are ended for it. */
const graceSeconds = 10;

/**
 * Runs JupyterLab until it ends or the user ends it, and returns its exit code. It gets a process group of its own,
 * so that one signal comes from us and not a second one from the terminal, and none of its children stays behind.
 */
export function serve(args: string[]): Promise<number> {
  const env = { ...process.env, JUPYTER_PREFER_ENV_PATH: "1" };
  const stdio: ["ignore", "inherit", "inherit"] = ["ignore", "inherit", "inherit"];
  const server = spawn(venvPython(), args, { cwd: root, env, stdio, detached: process.platform !== "win32" });
  let asked = 0;
  const end = (signal: NodeJS.Signals) => {
    const now = Date.now();
    // npm passes on the Ctrl+C that the terminal has sent us already; only a later one means impatience.
    if (asked && now - asked < 1000) return;
    signalGroup(server.pid, asked ? "SIGKILL" : signal === "SIGHUP" ? "SIGTERM" : signal);
    if (!asked) setTimeout(() => signalGroup(server.pid, "SIGKILL"), graceSeconds * 1000).unref();
    asked ||= now;
  };
  const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, end);
  return new Promise((resolve, reject) => {
    server.on("error", (error) => {
      reject(new Failure("JupyterLab could not be started", error.message, "npm run doctor says what is missing"));
    });
    server.on("exit", (code) => {
      for (const signal of signals) process.removeListener(signal, end);
      signalGroup(server.pid, "SIGKILL");
      resolve(asked ? 0 : (code ?? 1));
    });
  });
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals) {
  try {
    if (pid) process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // It has ended already.
  }
}
