import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";

export const root = join(__dirname, "../..");

export interface Lab {
  /** Address of JupyterLab with its token, to which `tree/<notebook>` paths are relative. */
  address(notebook: string): string;
  close(): Promise<void>;
}

/** Every cell stays in the page, also off screen, so that its output can be looked at; no news, which need a network. */
const settings = {
  "@jupyterlab/notebook-extension": { "tracker.jupyterlab-settings": { windowingMode: "none" } },
  "@jupyterlab/apputils-extension": {
    "notification.jupyterlab-settings": { fetchNews: "false", checkForUpdates: false },
  },
};

/** Milliseconds in which JupyterLab must be up. */
const startLimit = 60_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await once(server.close(), "close");
  return port;
}

/** Folders for everything that JupyterLab remembers: neither the person's own settings nor those of another test. */
function ownFolders(home: string): Record<string, string> {
  for (const [plugin, files] of Object.entries(settings)) {
    mkdirSync(join(home, "settings", plugin), { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      writeFileSync(join(home, "settings", plugin, file), JSON.stringify(content));
    }
  }
  return {
    JUPYTERLAB_SETTINGS_DIR: join(home, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(home, "workspaces"),
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
  };
}

/**
 * Starts JupyterLab on 127.0.0.1 over the notebooks in a folder.
 *
 * @throws Error if it is not installed or does not come up; its last lines are in the message.
 */
export async function startLab(notebooks: string, env: Record<string, string> = {}): Promise<Lab> {
  const program = join(root, ".venv/bin/jupyter-lab");
  if (!existsSync(program)) throw new Error(`startLab() found no ${program}; run \`npm run setup\``);
  const home = `${notebooks}-home`;
  const token = randomBytes(16).toString("hex");
  const port = await freePort();
  const lab = spawn(
    program,
    [
      "--no-browser",
      "--allow-root",
      "--ip=127.0.0.1",
      `--port=${port}`,
      "--ServerApp.port_retries=0",
      "--LabApp.expose_app_in_browser=True",
      `--ServerApp.root_dir=${notebooks}`,
    ],
    {
      env: { ...process.env, ...ownFolders(home), JUPYTER_TOKEN: token, ...env },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  await ready(lab);
  return {
    address: (notebook) => `http://127.0.0.1:${port}/lab/tree/${notebook}?reset&token=${token}`,
    close: async () => {
      if (lab.exitCode === null && lab.signalCode === null) {
        // SIGTERM ends the kernels too.
        lab.kill("SIGTERM");
        await once(lab, "exit");
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function ready(lab: ChildProcess): Promise<void> {
  let log = "";
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error(`JupyterLab was not ready in ${startLimit / 1000} s\n${log}`)),
      startLimit,
    );
    const finish = (end: () => void) => {
      clearTimeout(limit);
      end();
    };
    lab.stderr!.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-8192);
      if (/is running at:/.test(log)) finish(resolve);
    });
    lab.once("exit", (code) => finish(() => reject(new Error(`JupyterLab ended with exit code ${code}\n${log}`))));
    lab.once("error", (error) => finish(() => reject(error)));
  });
}
