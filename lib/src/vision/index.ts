/** Training on photographs: recipes for CIFAR-10, what their logs say, and what the trained network looks at. */
export { cifar10Network } from "./cifar10-network";
export { changed, FIRST_RECIPE } from "./recipe";
export type { Recipe } from "./recipe";
export { FAST_RECIPE, LADDER } from "./recipes";
export type { Change } from "./recipes";
export { cifar10Runs, runLogs } from "./run-log";
export type { RunLog } from "./run-log";
export { trainRecipe } from "./train-recipe";
export type { TrainedRecipe, TrainRecipeOptions } from "./train-recipe";
