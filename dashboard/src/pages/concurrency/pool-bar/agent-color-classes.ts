// How the segments of the pool bar are drawn.

import type { Ground } from "../../../agent-color-classes";

export { groundOf, STRIPES } from "../../../agent-color-classes";

export const SHARED_GROUND: Ground = { solid: "bg-shared", pale: "border-shared bg-shared-idle" };
export const OVER_GROUND: Ground = { solid: "bg-warning", pale: "border-warning bg-warning-soft" };
