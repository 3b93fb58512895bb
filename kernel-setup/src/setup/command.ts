import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { state } from "./paths";

export interface CommandResult {
  /** The exit code; null where the program could not be started or was ended by a signal. */
  code: number | null;
  /** Standard output and standard error in the order they came. */
  output: string;
  stdout: string;
}

export interface CommandOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Name of a file in `.nablab/` that receives the whole output as well. */
  log?: string;
  /** Called with each line as it comes, for progress. */
  onLine?: (line: string) => void;
}

/** Runs a program without a shell and never rejects: a program that is not there is a result with code null. */
export function run(file: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { env, cwd, log, onLine } = options;
  return new Promise((resolve) => {
    const result: CommandResult = { code: null, output: "", stdout: "" };
    const child = spawn(file, args, { env: { ...process.env, ...env }, cwd, stdio: ["ignore", "pipe", "pipe"] });
    const take = (text: string) => {
      result.output += text;
      const line = text.trim().split("\n").pop();
      if (line) onLine?.(line);
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      result.stdout += text;
      take(text);
    });
    child.stderr.setEncoding("utf8").on("data", take);
    const end = (code: number | null) => {
      if (log) keep(log, [file, ...args].join(" "), result.output);
      resolve({ ...result, code });
    };
    child.on("error", (error) => {
      result.output += error.message;
      end(null);
    });
    child.on("close", (code, signal) => {
      if (signal) result.output += `\nerror: it was ended by ${signal}`;
      end(code);
    });
  });
}

function keep(log: string, command: string, output: string) {
  try {
    mkdirSync(state, { recursive: true });
    appendFileSync(join(state, log), `$ ${command}\n${output}\n`);
  } catch {
    // A log that cannot be written must not hide the failure it would have described.
  }
}
