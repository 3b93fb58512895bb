/** Neural architecture search: spaces of networks, and searches through them that ask for candidates and are told results. */
export type { Candidate, Evaluated, Proposal, Result, Search, SearchOptions, Steps } from "./search";
export { searchBySteps } from "./search";
export { randomSearch, type RandomSearchOptions } from "./random-search";
