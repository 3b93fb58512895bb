/** Neural architecture search: spaces of networks, and searches through them that ask for candidates and are told results. */
export type { Candidate, Evaluated, Proposal, Result, Search, SearchOptions, Steps } from "./search";
export { searchBySteps } from "./search";
export { choice, integer, when, type Condition, type Gene } from "./gene";
export { cell, cellEdges, type CellEdge, type CellOptions } from "./cell";
export { searchSpace, SearchSpace } from "./search-space";
export type { CrossoverOptions, Genotype, GenotypeOf, SearchSpaceOptions, Slot } from "./search-space";
export type { Breedable, Decidable, Mutable, Sampled, Walkable } from "./space";
export { cellLayer, planSize, type Plan, type PlanEdge, type PlanLayer, type PlanSize } from "./plan";
export { toModel, TooLargeError, type ToModelOptions } from "./to-model";
export { smallCnn, smallCnnSpace, SMALL_CNN_PARAMETERS, type SmallCnn } from "./small-cnn-space";
export { randomSearch, type RandomSearchOptions } from "./random-search";
export { Journal } from "./journal";
export type { JournalRow } from "./journal";
export { evaluatorOf } from "./outcome";
export type { Details, EvaluateFunction, Evaluator, Outcome } from "./outcome";
export { runSearch } from "./run-search";
export type { EvaluatedOutcome, RunSearchOptions } from "./run-search";
export { SearchReport } from "./search-report";
