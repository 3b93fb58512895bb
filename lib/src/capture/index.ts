export { compile, Compiled } from "./compile";
export { CompileOptions, CompileStats, Difference, RecordingStats } from "./options";
export { OpTime } from "./op-times";
export { profile, Profile, ProfiledOp } from "./profile";
export { RecordedOp } from "./recorded-op";
export { CompileError } from "./refuse";
