/** Colours of bodies: Okabe and Ito's of the charts, brightness in the middle. */
export const palette = ["#2a7fc1", "#dd6414", "#c98d00", "#a4550f", "#16a07a", "#4cb0e4", "#b565a7"] as const;
