// Where something that stands beside a control goes: on the side asked for, or on the other where that has more room.

export interface Placing {
  side: "above" | "below";
  /** Which of its edges is at the same edge of the control. */
  align: "start" | "middle" | "end";
  gapPx: number;
}

interface Size {
  width: number;
  height: number;
}

interface Box extends Size {
  left: number;
  top: number;
}

export interface Place {
  left: number;
  top: number;
  /** How high it may be. */
  room: number;
}

/** What stays free at the edges of the window. */
const EDGE_PX = 8;

/** All in pixels of the window. */
export function place(anchor: Box, popup: Size, window: Size, placing: Placing): Place {
  const { side, align, gapPx } = placing;
  const bottom = anchor.top + anchor.height;
  const above = anchor.top - gapPx - EDGE_PX;
  const below = window.height - bottom - gapPx - EDGE_PX;
  const [asked, other] = side === "above" ? [above, below] : [below, above];
  const isAbove = (side === "above") === (popup.height <= asked || asked >= other);
  const room = Math.max(0, isAbove ? above : below);
  const height = Math.min(popup.height, room);
  const left = {
    start: anchor.left,
    middle: anchor.left + (anchor.width - popup.width) / 2,
    end: anchor.left + anchor.width - popup.width,
  }[align];
  const most = window.width - popup.width - EDGE_PX;
  return {
    left: Math.max(EDGE_PX, Math.min(left, most)),
    top: isAbove ? anchor.top - gapPx - height : bottom + gapPx,
    room,
  };
}
