import { randomUUID } from "node:crypto";
import { appendFileSync, rmSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { Router } from "zeromq";
import { Shared, type NativeSizes, type ToMain, type ToWire, type WireOptions } from "../protocol";
import { nativeSizes, Tail } from "../native-output";
import { readConnection } from "./connection";
import { decode, encode, type Message } from "./message";
import { NativeLog } from "./native-log";
import { Outbox } from "./outbox";
import { beat, bindSockets, type Sockets } from "./sockets";
import { Stop } from "./stop";

/** Requests that the main thread answers; all others are answered here or not known. */
const FOR_MAIN = new Set([
  "execute_request",
  "complete_request",
  "inspect_request",
  "is_complete_request",
  "history_request",
]);
/** How long output waits for more of its kind, in milliseconds, and how much of it at most, in characters. */
const STREAM_DELAY = 25;
const STREAM_SIZE = 65536;
/** How often files behind the file descriptors 1 and 2 are looked at, in milliseconds. */
const NATIVE_INTERVAL = 40;
/** How long requests that are on their way may take to arrive before an error aborts those that wait. */
const ABORT_DELAY = 10;

const STOP_WAITS =
  "Stop: the cell is inside a call that cannot be interrupted, and ends when that returns. " +
  "Restart the kernel to end it now; that loses all variables.\n";

interface Request extends Message {
  socket: Router;
  outbox: Outbox;
}

const options = workerData as WireOptions;
const shared = new Int32Array(options.shared);
const port = parentPort!;
const toMain = (message: ToMain) => port.postMessage(message);

/** The Jupyter side of the kernel: sockets, message order, busy and idle, the queue of cells and its abortion. */
class Wire {
  private readonly session = randomUUID();
  private readonly requests = new Map<number, Request>();
  private readonly shellQueue: Request[] = [];
  private readonly answers = new Map<number, (content: string) => void>();
  private readonly iopub: Outbox;
  private readonly shell: Outbox;
  private readonly control: Outbox;
  private readonly stdin: Outbox;
  private readonly native = options.nativeFiles.map((file) => new Tail(file));
  private readonly nativeLog = new NativeLog();
  private readonly stop = new Stop(
    shared,
    () => toMain({ type: "interrupt" }),
    () => this.write(this.lastCell, "stderr", STOP_WAITS),
  );
  private lastId = 0;
  private lastCell = 0;
  private serving = false;
  private stream: { cell: number; name: string; text: string } | null = null;
  private streamTimer: NodeJS.Timeout | null = null;

  constructor(
    private readonly key: string,
    private readonly sockets: Sockets,
  ) {
    this.iopub = new Outbox(sockets.iopub);
    this.shell = new Outbox(sockets.shell);
    this.control = new Outbox(sockets.control);
    this.stdin = new Outbox(sockets.stdin);
  }

  start(): void {
    const { shell, control, stdin, iopub, heartbeat } = this.sockets;
    void beat(heartbeat);
    void this.listen(shell, this.shell, (request) => this.enqueue(request));
    void this.listen(control, this.control, (request) => void this.serve(request));
    void this.listen(stdin, this.stdin, ({ header, content }) => {
      if (header.msg_type === "input_reply") toMain({ type: "input", value: String(content.value ?? "") });
    });
    void this.welcome(iopub);
    port.on("message", (message: ToWire) => this.fromMain(message));
    setInterval(() => this.lookForNative(), NATIVE_INTERVAL);
    this.watchParent();
    this.publish("status", { execution_state: "starting" }, 0);
  }

  private async listen(socket: Router, outbox: Outbox, take: (request: Request) => void): Promise<void> {
    for await (const frames of socket) {
      try {
        take({ ...decode(this.key, frames), socket, outbox });
      } catch (error) {
        log(`dropped ${(error as Error).message}`);
      }
    }
  }

  /** Greets each new subscriber of iopub: `1` and a topic is a subscription, `0` and a topic its end. */
  private async welcome(iopub: Sockets["iopub"]): Promise<void> {
    for await (const [frame] of iopub) {
      if (frame[0] !== 1) continue;
      const subscription = frame.subarray(1).toString();
      const message = { type: "iopub_welcome", content: { subscription }, parent: {}, session: this.session };
      this.iopub.push(encode(this.key, [subscription], message));
    }
  }

  /** Shell requests are served one after another, in the order in which they came. */
  private enqueue(request: Request): void {
    this.shellQueue.push(request);
    if (this.serving) return;
    this.serving = true;
    void (async () => {
      for (let next = this.shellQueue.shift(); next !== undefined; next = this.shellQueue.shift())
        await this.serve(next);
      this.serving = false;
    })();
  }

  private async serve(request: Request): Promise<void> {
    const id = ++this.lastId;
    this.requests.set(id, request);
    this.publish("status", { execution_state: "busy" }, id);
    const { msg_type: type } = request.header;
    let keep = false;
    if (FOR_MAIN.has(type)) {
      keep = type === "execute_request";
      if (keep) this.lastCell = id;
      const content = await new Promise<string>((answer) => {
        this.answers.set(id, answer);
        toMain({ type: "request", id, msgType: type, content: request.content });
      });
      const failed = keep && content.startsWith('{"status":"error"') && request.content.stop_on_error !== false;
      if (failed) await new Promise((resolve) => setTimeout(resolve, ABORT_DELAY));
      this.reply(request, content);
      this.publish("status", { execution_state: "idle" }, id);
      if (failed) this.abortQueue();
    } else {
      this.answerHere(request, id);
      this.publish("status", { execution_state: "idle" }, id);
    }
    // Later output of a cell still needs its header; nothing needs those of other requests.
    if (!keep) this.requests.delete(id);
    if (type === "shutdown_request") await this.shutdown();
  }

  private answerHere(request: Request, id: number): void {
    const { content } = request;
    switch (request.header.msg_type) {
      case "kernel_info_request":
        return this.reply(request, options.kernelInfo);
      case "comm_info_request":
        return this.reply(request, { status: "ok", comms: {} });
      case "comm_open":
        // There are no comms: the protocol asks to close one that nobody answers.
        return this.publish("comm_close", { comm_id: content.comm_id, data: {} }, id);
      case "interrupt_request":
        this.stop.request();
        return this.reply(request, { status: "ok" });
      case "shutdown_request":
        return this.reply(request, { status: "ok", restart: content.restart === true });
      default:
        log(`ignored a message of type ${request.header.msg_type}`);
    }
  }

  /** Cells that wait behind one that failed are not run: each gets the status `aborted`. */
  private abortQueue(): void {
    const waiting = this.shellQueue.splice(0);
    for (const request of waiting) {
      if (request.header.msg_type !== "execute_request") {
        this.shellQueue.push(request);
        continue;
      }
      const id = ++this.lastId;
      this.requests.set(id, request);
      this.publish("status", { execution_state: "busy" }, id);
      this.reply(request, { status: "aborted", execution_count: null, payload: [], user_expressions: {} });
      this.publish("status", { execution_state: "idle" }, id);
      this.requests.delete(id);
    }
  }

  private reply(request: Request, content: Record<string, unknown> | string): void {
    this.flushStream();
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    const message = { type, content, parent: request.header, session: this.session };
    request.outbox.push(encode(this.key, request.identities, message));
  }

  private publish(type: string, content: Record<string, unknown> | string, id: number): void {
    this.flushStream();
    const parent = this.requests.get(id)?.header ?? {};
    this.iopub.push(encode(this.key, [`kernel.${type}`], { type, content, parent, session: this.session }));
  }

  private write(cell: number, name: string, text: string): void {
    if (text === "") return;
    if (this.stream !== null && (this.stream.cell !== cell || this.stream.name !== name)) this.flushStream();
    this.stream ??= { cell, name, text: "" };
    this.stream.text += text;
    if (this.stream.text.length >= STREAM_SIZE) this.flushStream();
    else this.streamTimer ??= setTimeout(() => this.flushStream(), STREAM_DELAY);
  }

  private flushStream(): void {
    if (this.streamTimer !== null) clearTimeout(this.streamTimer);
    this.streamTimer = null;
    const { stream } = this;
    if (stream === null) return;
    this.stream = null;
    this.publish("stream", { name: stream.name, text: stream.text }, stream.cell);
  }

  /**
   * Shows what native code and children write while the main thread says nothing. The sizes are taken before the look at
   * the backlog: if it is empty, whatever was said before those bytes were written has been shown; else the messages on
   * their way bring sizes of their own.
   */
  private lookForNative(): void {
    const sizes = nativeSizes();
    if (Atomics.load(shared, Shared.backlog) === 0) this.readNative(sizes);
  }

  /** Shows what native code and children have written, up to the given sizes of their files. */
  private readNative(sizes: NativeSizes = [Infinity, Infinity]): void {
    const [stdout, stderr] = this.native.map((tail, i) => tail.read(sizes[i]));
    this.write(this.lastCell, "stdout", stdout);
    if (stderr !== "") this.showErrors(this.nativeLog.split(stderr));
  }

  private showErrors({ shown, logged }: { shown: string; logged: string }): void {
    this.write(this.lastCell, "stderr", shown);
    if (logged !== "") log(logged.trimEnd());
  }

  private fromMain(message: ToWire): void {
    if (Atomics.sub(shared, Shared.backlog, 1) === 1000) Atomics.notify(shared, Shared.backlog);
    if ("native" in message) this.readNative(message.native);
    switch (message.type) {
      case "stream":
        return this.write(message.cell, message.name, message.text);
      case "publish":
        return this.publish(message.msgType, message.content, message.cell);
      case "reply":
        this.showErrors(this.nativeLog.end());
        this.answers.get(message.id)?.(message.content);
        this.answers.delete(message.id);
        return;
      case "input_request": {
        this.flushStream();
        const request = this.requests.get(message.cell);
        if (request === undefined) return;
        const { identities, header } = request;
        const out = { type: "input_request", content: message.content, parent: header, session: this.session };
        return this.stdin.push(encode(this.key, identities, out));
      }
      case "log":
        return log(message.text);
      case "close":
        void this.shutdown();
    }
  }

  /** Jupyter names its process; when that has gone, nobody is left to talk to. */
  private watchParent(): void {
    if (process.env.JPY_PARENT_PID === undefined) return;
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) void this.shutdown();
    }, 1000);
  }

  private async shutdown(): Promise<void> {
    this.readNative();
    this.flushStream();
    await Promise.all([this.iopub, this.shell, this.control].map((outbox) => outbox.flushed()));
    for (const socket of Object.values(this.sockets)) socket.close();
    for (const file of options.nativeFiles) rmSync(file, { force: true });
    toMain({ type: "shutdown" });
    // A main thread that is busy hears nothing; a thread cannot end the process in any other way.
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 500);
  }
}

function log(text: string): void {
  try {
    appendFileSync(options.logFile, `${new Date().toISOString()} [${process.pid}] ${text}\n`);
  } catch {
    // A full disk must not take the kernel down with it.
  }
}

void (async () => {
  const connection = readConnection(options.connectionFile);
  new Wire(connection.key, await bindSockets(connection)).start();
})();
