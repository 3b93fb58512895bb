/** A Jupyter client over ZeroMQ that runs one cell after the other and lets no reply pass unread. */
import { Dealer, Subscriber } from "zeromq";
import { endKernel, launchKernel, type KernelProcess, type LaunchOptions } from "./kernel-process";
import { newId, packMessage, unpackMessage, type Message } from "./message";

/** A cell's end as the protocol knows it. */
export interface Reply {
  status: "ok" | "error" | "aborted";
  executionCount: number;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

export interface ExecuteOptions {
  /** Id of the request: its messages name it as their parent. @default a new one */
  id?: string;
  /** Sees every iopub message of the kernel as it arrives, those of earlier requests included. */
  onMessage?: (message: Message) => void;
  /** Whether the kernel drops cells that wait behind a failing one. @default true */
  stopOnError?: boolean;
  /** Answers `input()`. By default a cell that asks is refused. */
  onInput?: (prompt: string) => string;
  /** Milliseconds after which the cell is interrupted and fails. @default no limit */
  timeout?: number;
}

/** How long a kernel may take to answer its first request, in milliseconds. */
const startLimit = 60_000;
/** How long a kernel may take to react to an interrupt or to shut down. */
const stopLimit = 5_000;

const statuses = ["ok", "error", "aborted"];

export class KernelClient {
  private readonly session = newId();
  private readonly shell = new Dealer({ linger: 0 });
  private readonly control = new Dealer({ linger: 0 });
  private readonly stdin = new Dealer({ linger: 0, routingId: this.session });
  private readonly iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  private readonly replies = new Map<string, (message: Message) => void>();
  private readonly idle = new Map<string, () => void>();
  private readonly seen = new Set<string>();
  private listener: (message: Message) => void = () => {};
  private answer: ExecuteOptions["onInput"];
  private broken: (error: Error) => void = () => {};
  private readonly failure: Promise<never>;
  private readonly canBeAsked: Promise<unknown>;
  private languageInfo: Record<string, unknown> = {};
  private lost = false;
  private closed = false;

  private constructor(
    private readonly kernel: KernelProcess,
    private readonly name: string,
  ) {
    this.failure = new Promise((_, reject) => {
      this.broken = (error) => {
        this.lost = true;
        reject(error);
      };
    });
    this.failure.catch(() => {});
    void kernel.ended.then((how) => this.broken(new Error(`The kernel ${how}\n${kernel.log()}`.trimEnd())));
    // Shell and stdin share an identity: the kernel sends input_request to the one who asked.
    this.shell.routingId = this.session;
    this.canBeAsked = new Promise((resolve) => this.stdin.events.on("handshake", resolve));
  }

  /**
   * Launches a kernel and waits until it answers and its output can be heard.
   *
   * @throws Error if the kernel dies or stays silent for a minute; it has then been ended.
   */
  static async start(options: LaunchOptions): Promise<KernelClient> {
    const client = new KernelClient(await launchKernel(options), options.kernel ?? "tslab");
    try {
      client.connect();
      await client.awaitReady();
    } catch (error) {
      await client.kill();
      throw error;
    }
    return client;
  }

  private connect(): void {
    const { ip, shell_port, control_port, stdin_port, iopub_port } = this.kernel.connection;
    this.shell.connect(`tcp://${ip}:${shell_port}`);
    this.control.connect(`tcp://${ip}:${control_port}`);
    this.stdin.connect(`tcp://${ip}:${stdin_port}`);
    this.iopub.connect(`tcp://${ip}:${iopub_port}`);
    this.iopub.subscribe();
    this.listen(this.shell, ({ message }) => this.onReply(message));
    this.listen(this.control, ({ message }) => this.onReply(message));
    this.listen(this.stdin, ({ message, header }) => this.onInputRequest(message, header));
    this.listen(this.iopub, ({ message }) => this.onOutput(message));
  }

  private listen(socket: AsyncIterable<Buffer[]>, handle: (got: { message: Message; header: object }) => void): void {
    const run = async () => {
      for await (const frames of socket) handle(unpackMessage(this.kernel.connection.key, frames));
    };
    run().catch((error: Error) => {
      if (!this.closed) this.broken(error);
    });
  }

  private onReply(message: Message): void {
    this.replies.get(message.parent)?.(message);
    this.replies.delete(message.parent);
  }

  private onOutput(message: Message): void {
    this.seen.add(message.parent);
    if (message.type === "status" && message.content.execution_state === "idle") this.idle.get(message.parent)?.();
    this.listener(message);
  }

  private onInputRequest(message: Message, header: object): void {
    if (message.type !== "input_request") return;
    if (!this.answer) {
      this.broken(
        new Error(`A cell asks for input ("${String(message.content.prompt)}"), and nobody is there to answer`),
      );
      return;
    }
    const content = { status: "ok", value: this.answer(String(message.content.prompt)) };
    const reply = { type: "input_reply", id: newId(), content };
    void this.stdin.send(packMessage(this.kernel.connection.key, this.session, reply, header));
  }

  /** Sends a request and resolves with its reply. */
  private request(socket: Dealer, type: string, content: Record<string, unknown>, id = newId()): Promise<Message> {
    const reply = new Promise<Message>((resolve) => this.replies.set(id, resolve));
    void socket.send(packMessage(this.kernel.connection.key, this.session, { type, id, content }));
    return Promise.race([reply, this.failure]);
  }

  /**
   * A subscription may arrive after the first message went by: ask again until a message is heard. Each socket connects
   * in its own time, and the kernel drops an `input_request` to one that is not there yet: the cell would wait forever.
   */
  private async awaitReady(): Promise<void> {
    const asked: string[] = [];
    const until = Date.now() + startLimit;
    let askable = false;
    void this.canBeAsked.then(() => (askable = true));
    const heard = () => askable && Object.keys(this.languageInfo).length > 0 && asked.some((id) => this.seen.has(id));
    while (!heard()) {
      if (Date.now() > until)
        throw new Error(`The kernel gave no answer in ${startLimit / 1000} s\n${this.kernel.log()}`);
      const id = newId();
      asked.push(id);
      const info = await Promise.race([this.request(this.shell, "kernel_info_request", {}, id), after(1_000)]);
      if (info) this.languageInfo = info.content.language_info as Record<string, unknown>;
      for (let i = 0; i < 10 && !heard(); i++) await Promise.race([after(20), this.failure]);
    }
  }

  /**
   * Runs a cell: resolves when the reply **and** the idle status are there, so that no output is missed.
   *
   * @throws Error if the kernel dies, breaks the protocol (a reply with an unknown status, `ok` with an error output or
   *   the reverse), asks for input that nobody gives, or runs into the time limit.
   */
  async execute(
    code: string,
    { id = newId(), onMessage = () => {}, stopOnError = true, onInput, timeout }: ExecuteOptions = {},
  ): Promise<Reply> {
    let failed = 0;
    this.answer = onInput;
    this.listener = (message) => {
      if (message.parent === id && message.type === "error") failed++;
      onMessage(message);
    };
    const idle = new Promise<void>((resolve) => this.idle.set(id, resolve));
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true };
    const done = Promise.all([
      this.request(this.shell, "execute_request", { ...content, stop_on_error: stopOnError }, id),
      Promise.race([idle, this.failure]),
    ]);
    const limit = timeout === undefined ? undefined : setTimeout(() => this.stop(timeout), timeout);
    try {
      const [{ content: reply }] = await done;
      return checkedReply(reply, failed);
    } finally {
      clearTimeout(limit);
      this.idle.delete(id);
    }
  }

  /** Ends a cell that takes too long; a kernel that doesn't react to it is ended. */
  private stop(timeout: number): void {
    this.broken(new Error(`The cell did not end in ${timeout / 1000} s`));
    this.interrupt();
  }

  /** What Jupyter's Stop button does. */
  interrupt(): void {
    if (this.kernel.spec.interrupt_mode !== "message") this.kernel.process.kill("SIGINT");
    // If the kernel dies over it, the running cell says so.
    else this.request(this.control, "interrupt_request", {}).catch(() => {});
  }

  /** What a notebook says about the kernel that ran it, in its metadata. */
  get metadata(): Record<"kernelspec" | "language_info", Record<string, unknown>> {
    const { display_name, language } = this.kernel.spec;
    return { kernelspec: { display_name, language, name: this.name }, language_info: this.languageInfo };
  }

  /** Asks the kernel to end, and ends it if it doesn't or if it has broken the protocol before. */
  async shutdown(): Promise<void> {
    if (!this.lost) {
      // The kernel may be gone before its answer is heard.
      const asked = this.request(this.control, "shutdown_request", { restart: false }).catch(() => {});
      await Promise.race([asked.then(() => this.kernel.ended), after(stopLimit)]);
    }
    await this.kill();
  }

  private async kill(): Promise<void> {
    this.closed = true;
    for (const socket of [this.shell, this.control, this.stdin, this.iopub]) socket.close();
    endKernel(this.kernel.process);
    await this.kernel.ended;
  }
}

/** Statuses and outputs must agree: a failure that shows in only one of them would be overlooked by whoever reads the other. */
function checkedReply(content: Record<string, unknown>, errorOutputs: number): Reply {
  const status = content.status as Reply["status"];
  if (!statuses.includes(status)) {
    throw new Error(
      `execute_reply has the status ${JSON.stringify(content.status)}; the protocol knows ${statuses.join(", ")}`,
    );
  }
  if ((status === "error") !== errorOutputs > 0) {
    throw new Error(`execute_reply says "${status}", but the cell has ${errorOutputs} error outputs`);
  }
  const { ename, evalue, traceback } = content as Partial<Reply>;
  return { status, executionCount: content.execution_count as number, ename, evalue, traceback };
}

const after = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
