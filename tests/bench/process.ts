import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface, Interface } from "node:readline";
import { Workload } from "./workload";

/** What can run a workload, in the order of the report. */
export const CONTENDERS = [
  "tfjs",
  "nablab-eager",
  "nablab",
  "nablab-auto",
  "nablab-scan",
  "torch",
  "torch.compile",
  "keras",
  "jax",
  "jax-scan",
] as const;
export type Contender = (typeof CONTENDERS)[number];

/** Whether a contender takes part in a workload. */
export function takesPart(name: Contender, { scan, layers, task, without }: Workload): boolean {
  if (task === "limit") return ["nablab", "torch", "keras"].includes(name);
  if (without?.includes(name)) return false;
  if (name.endsWith("-scan") && !scan) return false;
  return !name.startsWith("jax") || layers.every((text) => text.startsWith("dense"));
}

/** A contender in its own process, which waits until it is asked to run. */
export class ContenderProcess {
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private errors = "";

  constructor(
    readonly name: Contender,
    { id }: Workload,
    python: string,
  ) {
    const peer = name.split(/[.-]/)[0];
    const [program, ...file] = ["tfjs", "nablab"].includes(peer)
      ? [process.execPath, join(__dirname, "contender.js")]
      : [python, join(__dirname, "../peers", `${peer}_peer.py`)];
    this.child = spawn(program, [...file, name, id], { stdio: ["pipe", "pipe", "pipe"] });
    this.child.stderr!.setEncoding("utf8").on("data", (text: string) => (this.errors += text));
    this.child.stdin!.on("error", () => {}); // it has ended: said by run()
    this.lines = createInterface({ input: this.child.stdout! });
  }

  /** Runs at least so many steps. @returns seconds a step @throws Error with what it printed, where it ended */
  async run(steps: number): Promise<number> {
    const end = new AbortController();
    const answers = once(this.lines, "line", { signal: end.signal }) as Promise<[string]>;
    const ends = once(this.child, "exit", { signal: end.signal });
    this.child.stdin!.write(`${steps}\n`);
    // Whatever else it prints on its standard output is no answer.
    try {
      for (let answer = await this.first(answers, ends); ; answer = await this.first(once(this.lines, "line"), ends)) {
        if (!answer.startsWith("{")) continue;
        const { seconds, steps: made } = JSON.parse(answer) as { seconds: number; steps: number };
        return seconds / made;
      }
    } finally {
      end.abort();
      await Promise.allSettled([answers, ends]);
    }
  }

  private async first(answer: Promise<string[]>, ends: Promise<unknown>): Promise<string> {
    const line = await Promise.race([answer, ends.then(() => undefined)]);
    if (line) return line[0];
    throw new Error(`${this.name} ended: ${this.errors.trim().split("\n").slice(-3).join(" | ")}`);
  }

  /** Ends the process. */
  stop(): void {
    this.child.kill();
  }
}
