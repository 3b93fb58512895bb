import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const places = ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/opt/homebrew/bin/redis-server"];

/**
 * The Redis of this machine: the one that `REDIS_SERVER_PATH` names, else where distributions put it.
 *
 * @throws Error if there is none.
 */
export function redisPath(env: NodeJS.ProcessEnv = process.env): string {
  const candidates = env.REDIS_SERVER_PATH ? [env.REDIS_SERVER_PATH] : places;
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  throw new Error(
    `The tests of searches on several machines need Redis, there is none at ${candidates.join(", ")}; ` +
      "install it (Debian: apt-get install redis-server) or set REDIS_SERVER_PATH to its program",
  );
}

/** A Redis of one's own on a free port of this machine, which writes every change to a file. */
export class RedisServer {
  private readonly folder = mkdtempSync(join(tmpdir(), "nablab-redis-"));
  private child: ChildProcess | undefined;

  private constructor(private readonly port: number) {}

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, with what it had written before; resolves when it answers. */
  async start(): Promise<void> {
    const options = ["--port", `${this.port}`, "--bind", "127.0.0.1", "--dir", this.folder, "--save", ""];
    const child = spawn(redisPath(), [...options, "--appendonly", "yes", "--appendfsync", "always"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (/Ready to accept connections/.test(line)) resolve();
      });
      child.once("error", reject).once("exit", (code) => reject(new Error(`redis-server ended with ${code}`)));
    });
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
