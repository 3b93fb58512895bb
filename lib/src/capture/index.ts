export { compile, Compiled } from "./compile";
export { CompileOptions, CompileStats, Difference, RecordingStats } from "./options";
export { CompileError } from "./refuse";
