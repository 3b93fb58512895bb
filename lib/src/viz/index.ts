/** Charts: pure functions from data to Vega-Lite specs, one kind a file, and what shows them. */
export { show, type Showable } from "./show";
export { live, type Draw, type LiveChart, type LiveCurves, type LiveHistory, type LiveOptions } from "./live";
export { learningCurves, type LearningCurvesOptions } from "./learning-curves";
export type { CurveRow, CurveRun, CurveRuns } from "./curves";
export { lineChart, type LineChartOptions } from "./line-chart";
export { barChart, type BarChartOptions } from "./bar-chart";
export { scatter, type ScatterOptions } from "./scatter";
export { histogram, type HistogramOptions } from "./histogram";
export { confusionMatrix, type ConfusionMatrixOptions } from "./confusion-matrix";
export { decisionBoundary, type Classifier, type DecisionBoundaryOptions } from "./decision-boundary";
export { graph, type GraphData, type GraphEdge, type GraphNode, type GraphOptions } from "./graph";
export { imageGrid, type ImageGridOptions, type Picture } from "./image-grid";
export type { Axis, AxisOptions, Row } from "./axis";
export type { Numbers } from "./numbers";
export type { VegaLiteSpec } from "./spec";
export { palette } from "./theme";
export { downsample } from "./downsample";
