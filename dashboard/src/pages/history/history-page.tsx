import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import { useServerNow } from "../../live/live-provider";
import { Note } from "../../ui/message/note";
import { ProblemNote } from "../../ui/message/problem-note";
import { Loading, Page } from "../../ui/page/page";
import { ChangeList } from "./changes/change-list";
import { isQuiet } from "./charts/charts";
import { ChartsOrTable } from "./charts/charts-or-table";
import { CsvButton } from "./csv/csv-button";
import { HeadlineFigures } from "./figures/headline-figures";
import type { Figures } from "./figures/read-figures";
import { useFigures, useLimits } from "./figures/use-figures";
import { QuietSpan } from "./span/quiet-span";
import { widened, zoomed } from "./span/span";
import { SpanChoice } from "./span/span-choice";
import { readView, type View, writeView } from "./url-state";
import { ViewChoice } from "./view-choice";

/** What has been: active calls, the queue, waits, starts and ends, over any span of time. */
export function HistoryPage() {
  const [, navigate] = useLocation();
  const view = readView(useSearch());
  const serverNow = useServerNow();
  const { data: figures, error, isPlaceholderData } = useFigures(view);
  const [csvError, setCsvError] = useState<Error | null>(null);
  const show = (change: Partial<View>) => navigate(writeView({ ...view, ...change }));

  const widen = () => figures && show({ span: widened(figures.range, serverNow()) });
  return (
    <Page
      title="History"
      actions={
        <CsvButton
          figures={isPlaceholderData ? undefined : figures}
          span={view.span}
          onError={setCsvError}
        />
      }
    >
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <SpanChoice
          span={view.span}
          range={figures?.range}
          onChoose={(span) => show({ span })}
          onWiden={widen}
        />
        <ViewChoice view={view} onChoose={show} />
      </div>
      <ProblemNote error={error} />
      <ProblemNote error={csvError} />
      {figures === undefined && error === null && <Loading what="the history" />}
      {figures !== undefined && (
        <Shown
          figures={figures}
          view={view}
          isOld={isPlaceholderData}
          onShow={show}
          onZoom={(fromMs, toMs) => show({ span: zoomed(fromMs, toMs, serverNow()) })}
        />
      )}
    </Page>
  );
}

function Shown(props: {
  figures: Figures;
  view: View;
  /** Whether it is what was asked for before, until what is asked for now has come. */
  isOld: boolean;
  onShow: (change: Partial<View>) => void;
  onZoom: (fromMs: number, toMs: number) => void;
}) {
  const { figures, view, isOld, onShow, onZoom } = props;
  const limits = useLimits(figures);
  const isHoursOnly = figures.points.some((point) => point.span_ms > figures.stepS * 1000);
  return (
    <div
      aria-busy={isOld}
      className={`flex flex-col gap-5 transition-opacity ${isOld ? "opacity-50" : ""}`}
    >
      {isQuiet(figures.points) ? (
        <QuietSpan span={view.span} onShow={onShow} />
      ) : (
        <>
          <HeadlineFigures figures={figures} limits={limits} />
          {isHoursOnly && (
            <Note>History this old is kept by the hour, so each point is a whole hour.</Note>
          )}
          <ChartsOrTable figures={figures} view={view} limits={limits} onZoom={onZoom} />
        </>
      )}
      <ChangeList markers={figures.markers} />
    </div>
  );
}
