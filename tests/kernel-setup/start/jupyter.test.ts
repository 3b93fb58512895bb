import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync, readlinkSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { askedPort, jupyterArguments, requireFreePort } from "../../../kernel-setup/src/start/jupyter";
import { ended, root } from "../sandbox";

const start = join(root, "kernel-setup/bootstrap.cjs");

/** Takes a port of this machine until the test ends. */
async function takenPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe("the arguments of JupyterLab", () => {
  it("keep it on this machine, with its token, at the first notebook, without a network", () => {
    const args = jupyterArguments([]);
    expect(args).toContain("--ServerApp.ip=127.0.0.1");
    expect(args).toContain(`--ServerApp.root_dir=${join(root, "notebooks")}`);
    expect(args).toContain("--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate");
    const first = existsSync(join(root, "notebooks/00-welcome.ipynb")) ? "/lab/tree/00-welcome.ipynb" : "/lab";
    expect(args).toContain(`--LabApp.default_url=${first}`);
    expect(args.join(" ")).not.toContain("token");
  });

  it("end with what the user gives, which counts more", () => {
    expect(jupyterArguments(["--no-browser", "--ip=0.0.0.0"]).slice(-2)).toEqual(["--no-browser", "--ip=0.0.0.0"]);
  });

  it("let Jupyter look for another port only where none was asked for", () => {
    expect(jupyterArguments([])).not.toContain("--ServerApp.port_retries=0");
    expect(jupyterArguments(["--port", "8899"])).toContain("--ServerApp.port_retries=0");
  });
});

describe("the port", () => {
  it.each([
    [["--port", "8899"], 8899],
    [["--port=8899"], 8899],
    [["--ServerApp.port=8899", "--no-browser"], 8899],
    [["--no-browser"], undefined],
    [["--portal"], undefined],
  ])("asked for by %j is %s", (given, port) => expect(askedPort(given)).toBe(port));

  it.each([["--port", "http"], ["--port", "70000"], ["--port", "-1"], ["--port"]])(
    "is refused where %s %s is none",
    (...given) => {
      expect(() => askedPort(given.filter((part) => part !== undefined))).toThrow("is not a port");
    },
  );

  it("that is taken ends npm start at once with the reason and the remedy", async () => {
    const port = await takenPort();
    const { code, stdout, stderr } = await ended(process.execPath, [start, "start", "--no-browser", `--port=${port}`]);
    expect(code).toBe(1);
    expect(stderr).toContain(`✗ port ${port} cannot be used`);
    expect(stderr).toContain("another program listens on it");
    expect((stdout + stderr).trim().split("\n").length).toBeLessThanOrEqual(5);
  });

  it("that is free is accepted", async () => {
    await expect(requireFreePort(["--port=0"])).resolves.toBeUndefined();
  });
});

/** Addresses on which a process listens, from the kernel's own table. */
function listening(pid: number): string[] {
  const sockets = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return /socket:\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
    } catch {
      return undefined;
    }
  });
  return readFileSync(`/proc/${pid}/net/tcp`, "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((row) => row[3] === "0A" && sockets.includes(row[9]))
    .map((row) => row[1].split(":")[0]);
}

/** The address that JupyterLab prints when it is ready. */
const readyLine = /http:\/\/127\.0\.0\.1:(\d+)\/lab\S*\?token=(\w{20,})\s/;

/** Asks the server for its status until it answers: it prints its address a moment before it listens. */
async function answer(output: string): Promise<number> {
  const [, port, token] = readyLine.exec(output)!;
  for (;;) {
    try {
      return (await fetch(`http://127.0.0.1:${port}/api/status?token=${token}`)).status;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

interface Started {
  child: ChildProcess;
  output: string;
  /** The process of JupyterLab. */
  server: number;
}

/** Runs `npm start` until JupyterLab says that it serves. */
async function startLab(env: NodeJS.ProcessEnv): Promise<Started> {
  const child = spawn(process.execPath, [start, "start", "--no-browser"], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Ends JupyterLab as well, also where an expectation fails while it runs.
  onTestFinished(() => void child.kill("SIGTERM"));
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const take = (text: Buffer) => {
      output += String(text);
      if (readyLine.test(output)) resolve();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("exit", (code) => reject(new Error(`npm start ended with ${code}: ${output}`)));
  });
  const server = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim().split(" ")[0]);
  return { child, output, server };
}

const exited = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once("exit", resolve));
const alive = (pid: number) => existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));

describe.runIf(process.platform === "linux")("npm start with nothing to do", () => {
  // No package index and no npm registry: whoever asks for one fails.
  const offline = {
    PIP_INDEX_URL: "http://127.0.0.1:9/",
    npm_execpath: "/nowhere/npm.js",
    https_proxy: "http://127.0.0.1:9",
  };

  it("does nothing but serve, without network, on this machine only, and Ctrl+C leaves nothing behind", async () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const { child, output, server } = await startLab(offline);
      expect(await answer(output)).toBe(200);
      expect(output).not.toContain(" … "); // the line of a step of set-up
      expect(new Set(listening(server))).toEqual(new Set(["0100007F"]));
      const end = exited(child);
      child.kill(signal);
      expect(await end).toBe(0);
      expect(alive(server)).toBe(false);
    }
  });
});
