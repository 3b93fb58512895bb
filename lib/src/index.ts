export { tf, device, ready, memory } from "./tensorflow";
