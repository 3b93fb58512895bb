import { existsSync } from "node:fs";
import { readText } from "../setup/fingerprint";
import { kernelspecFile, kernelspecStep } from "../setup/steps/kernelspec";
import { isDone } from "../setup/step";
import type { Check } from "./report";

/** Whether Jupyter finds the kernel, and whether everything the kernelspec names is still where it was. */
export function checkKernel(): Check {
  const failed: Check = { part: "kernel", ok: false, value: null, remedy: "run `npm run setup`" };
  const text = readText(kernelspecFile());
  if (text === undefined) return { ...failed, detail: "Jupyter does not know it" };
  let argv: string[];
  try {
    argv = (JSON.parse(text) as { argv: string[] }).argv;
  } catch {
    return { ...failed, detail: `${kernelspecFile()} is not JSON` };
  }
  const gone = argv.find((part) => part.startsWith("/") && !existsSync(part));
  if (gone) return { ...failed, detail: `${gone} is gone` };
  if (!isDone(kernelspecStep())) return { ...failed, detail: "written for another place or another Node" };
  return { part: "kernel", ok: true, value: "tslab", detail: kernelspecFile() };
}
