import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import { usePlace } from "./use-place";
import type { useTip } from "./use-tip";

const PLACING = { side: "above", align: "middle", gapPx: 6 } as const;

/** The words that `useTip` shows above its control. */
export function TipPopup(props: {
  tip: ReturnType<typeof useTip>;
  width: string;
  children: ReactNode;
}) {
  const { isOpen, anchor, popup, over } = props.tip;
  usePlace(anchor, popup, isOpen, PLACING);
  if (!isOpen) return null;
  return createPortal(
    <div
      ref={popup}
      role="tooltip"
      data-over-page
      {...over}
      className={`fixed z-50 flex flex-col gap-0.5 rounded-md border border-line bg-raised px-2.5 py-1.5 text-text shadow-overlay ${props.width}`}
    >
      {props.children}
    </div>,
    document.body,
  );
}
