/** The course around the lessons: exercises and their checks, progress, and the numbers that a lesson claims. */
export { check, type ValueSpec } from "./check";
export type { Case, CheckSpec, ExerciseState, Hint, Rule } from "./examine";
export type { Tolerance } from "./compare";
export { todo, TodoError } from "./todo";
export { progress } from "./progress";
export { results, summarise, type Result } from "./results";
export { claim, ClaimError, type Band, type ClaimOptions } from "./claim";
