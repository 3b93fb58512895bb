import { ChildProcess, fork } from "node:child_process";

/** What a program said, or how its process ended. */
export type Ending<Reply> = { reply: Reply } | { ended: string } | { timedOut: true };

/**
 * Processes of one program, each with one request at a time, made when they are needed and kept for the next request.
 *
 * Written out because none of the pools that were tried does all that a search needs: piscina has threads only, tinypool
 * does not say how a process ended, and cancelling a task of workerpool's that is about to start throws where nobody can
 * catch it.
 */
export class ProcessPool<Request extends object, Reply> {
  private readonly idle: ChildProcess[] = [];
  private readonly all = new Set<ChildProcess>();
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly program: string,
    private readonly size: number,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * Sends a request to a process that is free, and waits for one where none is.
   *
   * @param seconds after which the process is killed, from when it has the request
   * @throws what the signal is aborted with; the process is killed then
   */
  async run(request: Request, seconds: number, signal: AbortSignal): Promise<Ending<Reply>> {
    while (this.idle.length === 0 && this.all.size >= this.size) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    const child = this.idle.pop() ?? this.start();
    hold(child);
    try {
      signal.throwIfAborted();
      const ending = await talk<Request, Reply>(child, request, seconds, signal);
      if ("reply" in ending) this.idle.push(child);
      return ending;
    } finally {
      if (this.idle.includes(child)) release(child);
      else this.stop(child);
      this.waiting.shift()?.();
    }
  }

  /** Kills all processes. */
  async close(): Promise<void> {
    const ended = [...this.all].map((child) => new Promise((resolve) => child.once("close", resolve)));
    for (const child of this.all) {
      hold(child);
      child.kill("SIGKILL");
    }
    this.idle.length = 0;
    await Promise.all(ended);
  }

  private start(): ChildProcess {
    const child = fork(this.program, { env: this.env, serialization: "advanced" });
    this.all.add(child);
    child.on("error", () => {}); // `talk` hears it as well; without a listener it would end this process
    child.once("exit", () => this.forget(child));
    return child;
  }

  private stop(child: ChildProcess): void {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    this.forget(child);
  }

  private forget(child: ChildProcess): void {
    this.all.delete(child);
    const at = this.idle.indexOf(child);
    if (at >= 0) this.idle.splice(at, 1);
  }
}

/** One request and its reply, or whatever comes first instead. */
function talk<Request extends object, Reply>(
  child: ChildProcess,
  request: Request,
  seconds: number,
  signal: AbortSignal,
): Promise<Ending<Reply>> {
  const heard = new AbortController();
  const once = { once: true, signal: heard.signal };
  return new Promise<Ending<Reply>>((resolve, reject) => {
    const message = (reply: unknown) => resolve({ reply: reply as Reply });
    const exit = (code: number | null, by: string | null) =>
      resolve({ ended: by ? `ended with ${by}` : `ended with exit code ${code}` });
    const error = ({ message }: Error) => resolve({ ended: `cannot be reached: ${message}` });
    child.once("message", message).once("exit", exit).once("error", error);
    const timer = Number.isFinite(seconds) ? setTimeout(() => resolve({ timedOut: true }), seconds * 1000) : undefined;
    signal.addEventListener("abort", () => reject(signal.reason as Error), once);
    heard.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      child.off("message", message).off("exit", exit).off("error", error);
    });
    child.send(request, (problem) => problem && error(problem));
  }).finally(() => heard.abort());
}

/** Lets this process end although the other one is still there: that ends when it finds itself alone. */
function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}
