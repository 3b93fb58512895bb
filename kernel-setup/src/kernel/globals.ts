import { type Cell, currentCell, runIn } from "./cell";
import type { Output } from "./output";
import type { Wire } from "./wire";

/** Gives cells what `declarations.ts` declares. Returns how answers to questions come in. */
export function openGlobals(
  locals: Record<string, unknown>,
  wire: Wire,
  output: Output,
  listen: (cell: Cell) => AbortSignal,
): { answerInput(value: string): void } {
  const questions: ((value: string) => void)[] = [];

  const input = (prompt = "", { password = false } = {}): Promise<string> => {
    const cell = currentCell();
    if (cell === null || !cell.allowInput) {
      const error = new Error("input: this front end cannot ask questions; set the value in the cell instead");
      error.name = "StdinNotImplementedError";
      return Promise.reject(error);
    }
    return new Promise((resolve) => {
      questions.push((value) => runIn(cell, () => resolve(value)));
      wire.post({ type: "input_request", cell: cell.id, content: JSON.stringify({ prompt, password }) });
    });
  };
  const clearOutput = ({ wait = false } = {}): void => {
    const cell = currentCell();
    if (cell !== null) output.publish(cell, "clear_output", { wait });
  };
  const cellSignal = (): AbortSignal => {
    const cell = currentCell();
    if (cell === null) throw new Error("cellSignal: no cell is running");
    return listen(cell);
  };
  Object.assign(locals, { input, clearOutput, cellSignal });
  // Modules that a cell defines or imports do not see the session's variables, but they see these.
  for (const [name, value] of Object.entries({ input, clearOutput, cellSignal })) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return {
    answerInput(value) {
      questions.pop()?.(value);
      questions.length = 0;
    },
  };
}
