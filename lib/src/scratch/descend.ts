import { checkNumber } from "../check";
import type { Tensor } from "./tensor";

/**
 * One step of gradient descent on every parameter, `w ← w - η · ∂L/∂w`, and gradients set back to zero for the next.
 *
 * @param rate `η`, the learning rate
 */
export function descend(parameters: readonly Tensor[], rate: number): void {
  checkNumber("descend()", "rate", rate);
  for (const parameter of parameters) {
    const { data, grad } = parameter;
    for (let i = 0; i < data.length; i++) data[i] -= rate * grad.data[i];
    parameter.zeroGrad();
  }
}
