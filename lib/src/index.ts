export { tf, device, ready, memory } from "./tensorflow";
export * as random from "./random";
export * as data from "./data";
export * as train from "./train";
export { compile } from "./capture";
