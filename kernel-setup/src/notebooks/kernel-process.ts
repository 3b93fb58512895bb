/** Starts the course's kernel as Jupyter would: from its kernelspec, with a connection file of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Connection {
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
  ip: "127.0.0.1";
  key: string;
  transport: "tcp";
  signature_scheme: "hmac-sha256";
}

export interface KernelProcess {
  process: ChildProcess;
  spec: KernelSpec;
  connection: Connection;
  /** What the kernel wrote beside the protocol, to be shown if it dies. At most the last 16 KB. */
  log(): string;
  /** Resolves once the process is gone, with a line that says how it ended. */
  ended: Promise<string>;
}

export interface LaunchOptions {
  /** The repository: its `.venv` holds the kernelspec. */
  root: string;
  /** Working directory of the kernel: cells resolve their imports from here. */
  cwd: string;
  /** Added to the environment. */
  env?: Record<string, string>;
  /** @default "tslab" */
  kernel?: string;
}

/** A kernel.json, as far as it is used here. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  /** How the running cell is stopped: by SIGINT or by a message on the control channel. @default "signal" */
  interrupt_mode?: "signal" | "message";
  env?: Record<string, string>;
}

/** Ports nobody listens on: all are held open until the last is known, so that no two are the same. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

function readKernelSpec(root: string, kernel: string): KernelSpec {
  const path = join(root, ".venv/share/jupyter/kernels", kernel, "kernel.json");
  try {
    return JSON.parse(readFileSync(path, "utf8")) as KernelSpec;
  } catch (error) {
    throw new Error(`launchKernel() found no kernel "${kernel}" at ${path}; run \`npm run setup\``, { cause: error });
  }
}

/**
 * Launches the kernel in a process group of its own: Ctrl+C in the terminal is ours to handle first.
 *
 * @throws Error if the kernelspec is missing or its program can't be started.
 */
export async function launchKernel({ root, cwd, env = {}, kernel = "tslab" }: LaunchOptions): Promise<KernelProcess> {
  const spec = readKernelSpec(root, kernel);
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
  const connection: Connection = {
    ...{ shell_port, iopub_port, stdin_port, control_port, hb_port, ip: "127.0.0.1", transport: "tcp" },
    ...{ key: randomBytes(16).toString("hex"), signature_scheme: "hmac-sha256" },
  };
  const folder = mkdtempSync(join(tmpdir(), "nablab-kernel-"));
  const file = join(folder, "connection.json");
  writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });

  const [program, ...args] = spec.argv.map((arg) => arg.replaceAll("{connection_file}", file));
  const child = spawn(program, args, {
    cwd,
    // By JPY_PARENT_PID a kernel knows whom to look for, and ends itself when that program has been killed.
    env: { ...process.env, JPY_PARENT_PID: String(process.pid), ...spec.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let text = "";
  const keep = (chunk: Buffer) => void (text = (text + chunk.toString()).slice(-16_384));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = new Promise<string>((resolve) => {
    // Processes that a cell has left behind would keep the pipes open, and the last words waiting in them.
    child.once("exit", () => signalGroup(child));
    child.once("close", (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with exit code ${code}`));
    child.once("error", (error) => resolve(`did not start: ${error.message}`));
  });
  // Nobody else would end a process group of its own if this program is cut short.
  const endGroup = () => endKernel(child);
  process.once("exit", endGroup);
  void ended.then(() => {
    process.off("exit", endGroup);
    rmSync(folder, { recursive: true, force: true });
  });
  return { process: child, spec, connection, log: () => text, ended };
}

/** Ends the kernel and whatever its cells have started, if it still runs. */
export function endKernel(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) signalGroup(child);
}

function signalGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // Nobody is left in the group: what was wanted.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
