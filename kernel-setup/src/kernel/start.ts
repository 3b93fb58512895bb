import { appendFileSync, writeSync } from "node:fs";
import { Cell, currentCell } from "./cell";
import { Compiler } from "./compile";
import { openDisplay } from "./display";
import { Execution, type Outcome } from "./execution";
import { openGlobals } from "./globals";
import { makeGuards } from "./guard";
import { History } from "./history";
import { kernelInfo } from "./kernel-info";
import { complete, helpPage, inspect, isComplete, isHelp } from "./language";
import type { NativeFiles } from "./native-output";
import { Output } from "./output";
import { Section, type ToMain } from "./protocol";
import { Rebuilt } from "./rebuilt";
import { stopTrainingOnInterrupt } from "./training";
import type { Tslab } from "./tslab";
import { makeVariables } from "./variables";
import { Wire } from "./wire";

export interface KernelOptions {
  connectionFile: string;
  tslab: Tslab;
  files: NativeFiles;
}

interface ExecuteRequest {
  code: string;
  silent?: boolean;
  store_history?: boolean;
  allow_stdin?: boolean;
  user_expressions?: Record<string, string>;
}

/** Starts the kernel: the wire to Jupyter first, so that it answers while the compiler still loads. */
export function startKernel({ connectionFile, tslab, files }: KernelOptions): void {
  const wire = new Wire(connectionFile, files, kernelInfo(tslab));
  const output = new Output(wire);
  output.captureStreams();
  const guards = makeGuards(wire.shared);
  openDisplay(output, tslab, guards.listen);
  // Deep calls into a library must not push the cell's own line out of the stack trace.
  Error.stackTraceLimit = 50;

  const rebuilt = new Rebuilt();
  stopTrainingOnInterrupt();
  const compiler = new Compiler({
    tslab,
    before: (options) => {
      execution.enter(Section.kernel);
      rebuilt.refresh(options);
    },
    after: () => execution.enter(Section.start),
  });
  const execution: Execution = new Execution(compiler, output, wire, (console) =>
    tslab.createExecutor(process.cwd(), compiler, console),
  );
  const { __tslab__: scope } = globalThis as unknown as { __tslab__: Record<string, unknown> };
  Object.assign(scope, guards, makeVariables(execution.executor.locals));
  const globals = openGlobals(execution.executor.locals, wire, output, guards.listen);
  const history = new History();
  let count = 0;

  const execute = async (id: number, request: ExecuteRequest): Promise<Record<string, unknown>> => {
    const { code, silent = false, store_history: store = !silent, allow_stdin: allowInput = false } = request;
    if (!silent) count += 1;
    const cell = new Cell({ id, count, source: code, silent, allowInput });
    output.publish(cell, "execute_input", { code, execution_count: count });
    const outcome = isHelp(code) ? help(cell) : await execution.run(cell);
    if (store && !silent) history.add(count, code);
    const { payload } = cell;
    if (!outcome.ok)
      return { status: "error", execution_count: count, ...outcome.error, payload, user_expressions: {} };
    const user_expressions: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries(request.user_expressions ?? {})) {
      const hidden = new Cell({ id, count, source: `(${expression})`, silent: true, allowInput: false });
      user_expressions[name] = await execution.evaluate(hidden);
    }
    return { status: "ok", execution_count: count, payload, user_expressions };
  };

  const help = (cell: Cell): Outcome => {
    try {
      cell.payload.push(helpPage(compiler.node, cell.source));
      return { ok: true };
    } catch (error) {
      return execution.fail(cell, error);
    }
  };

  const answer = async (id: number, type: string, content: Record<string, unknown>): Promise<unknown> => {
    switch (type) {
      case "execute_request":
        return execute(id, content as unknown as ExecuteRequest);
      case "complete_request":
        return complete(compiler.node, content);
      case "inspect_request":
        return inspect(compiler.node, content);
      case "is_complete_request":
        return isComplete(tslab, content);
      case "history_request":
        return history.answer(content);
      default:
        throw new Error(`no answer to ${type}`);
    }
  };

  const hear = (message: ToMain): void => {
    switch (message.type) {
      case "request":
        void answer(message.id, message.msgType, message.content)
          .catch((error: Error) => {
            output.log(error.stack ?? String(error));
            return { status: "error", ename: error.name, evalue: error.message, traceback: [] };
          })
          .then((content) => wire.post({ type: "reply", id: message.id, content: JSON.stringify(content) }));
        return;
      case "input":
        return globals.answerInput(message.value);
      case "interrupt":
        return execution.interrupt();
      case "shutdown":
        process.exit(0);
    }
  };
  wire.listen(hear, (error) => {
    appendFileSync(files.log, `${error.stack ?? String(error)}\n`);
    if (files.terminal !== null) writeSync(files.terminal, `${error.message}\n`);
    process.exit(1);
  });

  // Nobody has to wait for what the compiler does only once.
  setImmediate(() => compiler.warmUp());

  process.on("SIGINT", () => execution.interrupt());
  process.on("SIGTERM", () => wire.post({ type: "close" }));
  process.on("uncaughtException", (error) => execution.stray(currentCell(), error, error));
  process.on("unhandledRejection", (reason, promise) => execution.stray(currentCell(), promise, reason));
  process.on("rejectionHandled", (promise) => currentCell()?.stray.delete(promise));
  // Warnings of Node.js about code that the learner has not written are kept, but not in the notebook.
  process.removeAllListeners("warning");
  process.on("warning", (warning) => output.log(`${warning.name}: ${warning.message}`));
}
