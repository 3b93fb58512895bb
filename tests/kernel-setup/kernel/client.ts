import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Dealer, Request, Subscriber } from "zeromq";
import { freePorts } from "../../../kernel-setup/src/notebooks/kernel-process";

export const ROOT = resolve(__dirname, "../../..");
/** The kernel's program, as the build leaves it. */
export const KERNEL = join(ROOT, "kernel-setup", "dist", "kernel", "main.js");

export interface Message {
  header: { msg_id: string; msg_type: string; session: string; [field: string]: unknown };
  parent_header: { msg_id?: string; [field: string]: unknown };
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  /** When the client got it, in milliseconds since an arbitrary moment. */
  at: number;
}

export interface StartOptions {
  /** Working directory of the kernel. @default the course's notebooks/ */
  cwd?: string;
  env?: Record<string, string>;
  /** The kernel's program. @default the built one */
  main?: string;
}

export interface ExecuteOptions {
  stopOnError?: boolean;
  silent?: boolean;
  storeHistory?: boolean;
  allowStdin?: boolean;
  userExpressions?: Record<string, string>;
  /** Called with each message on iopub that belongs to this run, as it comes. */
  onMessage?(message: Message): void;
}

/** One executed cell: the reply and everything that came on iopub for it until idle. */
export class Run {
  readonly messages: Message[] = [];
  reply!: Message;
  milliseconds = 0;

  of(type: string): Record<string, unknown>[] {
    return this.messages.filter((message) => message.header.msg_type === type).map((message) => message.content);
  }
  stream(name: "stdout" | "stderr"): string {
    return this.of("stream")
      .filter((content) => content.name === name)
      .map((content) => content.text)
      .join("");
  }
  get stdout(): string {
    return this.stream("stdout");
  }
  get stderr(): string {
    return this.stream("stderr");
  }
  get status(): unknown {
    return this.reply.content.status;
  }
  /** The value of the last expression as text. */
  get text(): unknown {
    return this.result?.["text/plain"];
  }
  /** The bundle of the last expression. */
  get result(): Record<string, unknown> | undefined {
    return this.of("execute_result")[0]?.data as Record<string, unknown> | undefined;
  }
  get error(): { ename: string; evalue: string; traceback: string[] } | undefined {
    return this.of("error")[0] as { ename: string; evalue: string; traceback: string[] } | undefined;
  }
  /** The traceback as plain text, colours taken away. */
  get traceback(): string {
    return (this.error?.traceback ?? []).join("\n").replace(/\u001b\[\d+m/g, "");
  }
}

interface Pending {
  run: Run;
  replied: boolean;
  idle: boolean;
  started: number;
  onMessage?(message: Message): void;
  resolve(run: Run): void;
}

/** A Jupyter client that starts one kernel and speaks the protocol with it through ZeroMQ. */
export class KernelClient {
  private readonly session = randomUUID();
  private readonly died: Promise<never>;
  private readonly askable: Promise<unknown>;
  private readonly pending = new Map<string, Pending>();
  private readonly replies = new Map<string, (message: Message) => void>();
  private readonly watchers = new Set<() => void>();
  private readonly sockets: { shell: Dealer; control: Dealer; stdin: Dealer; iopub: Subscriber; heartbeat: Request };
  /** Everything that came on iopub, in order. */
  readonly published: Message[] = [];
  /** What the kernel's process wrote to its own standard error: nothing, in a kernel that starts. */
  stderr = "";
  /** Answers to `input_request`; by default none comes. */
  onInput: ((content: Record<string, unknown>) => string | Promise<string>) | null = null;

  private constructor(
    readonly process: ChildProcess,
    private readonly folder: string,
    ports: number[],
    private readonly key: string,
  ) {
    this.died = once(this.process, "exit").then(([code, signal]) => {
      throw new Error(`the kernel ended (${String(code ?? signal)}): ${this.stderr}`);
    });
    this.died.catch(() => undefined);
    this.process.stderr?.on("data", (data) => (this.stderr += String(data)));
    const routingId = this.session;
    this.sockets = {
      shell: new Dealer({ routingId, linger: 0 }),
      control: new Dealer({ routingId, linger: 0 }),
      stdin: new Dealer({ routingId, linger: 0 }),
      iopub: new Subscriber({ linger: 0 }),
      heartbeat: new Request({ linger: 0 }),
    };
    // The kernel drops an input_request to a client whose socket is not there yet.
    this.askable = new Promise((resolve) => this.sockets.stdin.events.on("handshake", resolve));
    Object.values(this.sockets).forEach((socket, i) => socket.connect(`tcp://127.0.0.1:${ports[i]}`));
    this.sockets.iopub.subscribe();
    void this.listen(this.sockets.shell, (message) => this.replied(message));
    void this.listen(this.sockets.control, (message) => this.replied(message));
    void this.listen(this.sockets.iopub, (message) => this.heard(message));
    void this.listen(this.sockets.stdin, (message) => void this.asked(message));
  }

  /** Starts a kernel and waits until it can be heard and answers. */
  static async start({
    cwd = join(ROOT, "notebooks"),
    env = {},
    main = KERNEL,
  }: StartOptions = {}): Promise<KernelClient> {
    const folder = mkdtempSync(join(tmpdir(), "nablab-client-"));
    const ports = await freePorts(5);
    const file = join(folder, "connection.json");
    const [shell_port, control_port, stdin_port, iopub_port, hb_port] = ports;
    const key = randomUUID();
    const connection = { transport: "tcp", ip: "127.0.0.1", shell_port, control_port, stdin_port, iopub_port, hb_port };
    writeFileSync(file, JSON.stringify({ ...connection, key, signature_scheme: "hmac-sha256" }));
    const child = spawn(process.execPath, [main, file], {
      cwd,
      env: { ...process.env, NABLAB_LOG: join(folder, "log"), ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const client = new KernelClient(child, folder, ports, key);
    await Promise.all([
      client.waitFor((message) => message.header.msg_type === "iopub_welcome"),
      client.request("shell", "kernel_info_request"),
      Promise.race([client.askable, client.died]),
    ]);
    return client;
  }

  /** Processor time that the kernel has used so far, in milliseconds; infinite where the system does not tell. */
  get processorTime(): number {
    try {
      const fields = readFileSync(`/proc/${this.process.pid}/stat`, "utf8").split(") ")[1].split(" ");
      // utime and stime, in ticks of 10 ms.
      return (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      return Infinity;
    }
  }

  /** The kernel's log file, where C++ messages are kept. */
  get logFile(): string {
    return join(this.folder, "log", "kernel.log");
  }

  /** Sends a cell without waiting for it. */
  submit(code: string, options: ExecuteOptions = {}): Promise<Run> {
    const { stopOnError = true, silent = false, storeHistory = !silent, allowStdin = false } = options;
    const content = {
      code,
      silent,
      store_history: storeHistory,
      user_expressions: options.userExpressions ?? {},
      allow_stdin: allowStdin,
      stop_on_error: stopOnError,
    };
    const run = new Promise<Run>((resolve) => {
      const id = this.send("shell", "execute_request", content);
      const { onMessage } = options;
      const started = performance.now();
      this.pending.set(id, { run: new Run(), replied: false, idle: false, started, onMessage, resolve });
    });
    return Promise.race([run, this.died]);
  }

  /** Runs a cell and waits for its reply and for idle. */
  execute(code: string, options: ExecuteOptions = {}): Promise<Run> {
    return this.submit(code, options);
  }

  /** Sends a request and waits for its reply. */
  request(channel: "shell" | "control", type: string, content: Record<string, unknown> = {}): Promise<Message> {
    const reply = new Promise<Message>((resolve) => this.replies.set(this.send(channel, type, content), resolve));
    const answer = Promise.race([reply, this.died]);
    // A request that gets no answer, as the protocol allows, is not an error of the test.
    answer.catch(() => undefined);
    return answer;
  }

  /** Presses Stop. */
  interrupt(): Promise<Message> {
    return this.request("control", "interrupt_request");
  }

  /** Sends bytes to the heartbeat socket and returns what comes back. */
  async beat(text: string): Promise<string> {
    await this.sockets.heartbeat.send(text);
    return String((await this.sockets.heartbeat.receive())[0]);
  }

  /** Waits for a message on iopub, also one that has come already. */
  async waitFor(wanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.published.find(wanted);
      if (found !== undefined) return found;
      await Promise.race([new Promise<void>((resolve) => this.watchers.add(resolve)), this.died]);
    }
  }

  /** Ends the kernel as Jupyter does, and waits until its process is gone. */
  async shutdown({ restart = false } = {}): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const gone = once(this.process, "exit");
      // The process may be gone before its reply has been read.
      await this.request("control", "shutdown_request", { restart }).catch(() => undefined);
      await gone;
    }
    this.close();
  }

  private close(): void {
    for (const socket of Object.values(this.sockets)) socket.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private send(channel: "shell" | "control" | "stdin", type: string, content: unknown, parent: unknown = {}): string {
    const msg_id = randomUUID();
    const header = { msg_id, session: this.session, username: "test", date: new Date().toISOString(), msg_type: type };
    const parts = [{ ...header, version: "5.4" }, parent, {}, content].map((part) => JSON.stringify(part));
    const signature = createHmac("sha256", this.key).update(parts.join("")).digest("hex");
    void this.sockets[channel].send(["<IDS|MSG>", signature, ...parts]);
    return msg_id;
  }

  private async listen(socket: AsyncIterable<Buffer[]>, take: (message: Message) => void): Promise<void> {
    for await (const frames of socket) {
      const start = frames.findIndex((frame) => frame.toString() === "<IDS|MSG>");
      const parts = frames.slice(start + 2, start + 6);
      const signature = createHmac("sha256", this.key).update(Buffer.concat(parts)).digest("hex");
      if (signature !== frames[start + 1].toString()) throw new Error("the kernel signed a message wrongly");
      const [header, parent_header, metadata, content] = parts.map((part) => JSON.parse(part.toString()) as unknown);
      take({ header, parent_header, metadata, content, at: performance.now() } as Message);
    }
  }

  private replied(message: Message): void {
    const id = message.parent_header.msg_id ?? "";
    const pending = this.pending.get(id);
    if (pending !== undefined) {
      pending.run.reply = message;
      pending.replied = true;
      this.finish(id, pending);
    }
    this.replies.get(id)?.(message);
    this.replies.delete(id);
  }

  private heard(message: Message): void {
    this.published.push(message);
    const id = message.parent_header.msg_id ?? "";
    const pending = this.pending.get(id);
    if (pending !== undefined) {
      pending.run.messages.push(message);
      pending.onMessage?.(message);
      if (message.header.msg_type === "status" && message.content.execution_state === "idle") pending.idle = true;
      this.finish(id, pending);
    }
    for (const wake of this.watchers) wake();
    this.watchers.clear();
  }

  private finish(id: string, pending: Pending): void {
    if (!pending.replied || !pending.idle) return;
    this.pending.delete(id);
    pending.run.milliseconds = performance.now() - pending.started;
    pending.resolve(pending.run);
  }

  private async asked(message: Message): Promise<void> {
    const value = await this.onInput?.(message.content);
    if (value !== undefined) this.send("stdin", "input_reply", { value }, message.header);
  }
}
