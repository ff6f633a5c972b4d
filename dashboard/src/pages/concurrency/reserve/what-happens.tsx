import type { Pool } from "../../../domain";
import { previewWords } from "./preview-words";
import { type Unsaved, usePreview } from "./use-preview";

/** What saving leads to, in sentences. While others are read the ones before are dimmed; where none can be read there are none. */
export function WhatHappens({ pool, unsaved }: { pool: Pool; unsaved: Unsaved | undefined }) {
  const { preview, isOld } = usePreview(unsaved);
  return (
    <div
      aria-live="polite"
      aria-busy={isOld}
      className={`min-h-[3lh] pt-2 text-muted transition-opacity ${isOld ? "opacity-50" : ""}`}
    >
      {preview?.fits === true &&
        previewWords(preview, pool).map((sentence) => <p key={sentence}>{sentence}</p>)}
      {preview?.problem != null && (
        <p className="text-danger">Not possible: {preview.problem.detail}</p>
      )}
    </div>
  );
}
