import { useRef, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { useServerNow } from "../../live/live-provider";
import { Note } from "../../ui/message/note";
import { ProblemNote } from "../../ui/message/problem-note";
import { Loading, Page } from "../../ui/page/page";
import { ChangeList } from "./changes/change-list";
import { ChartsOrTable } from "./charts/charts-or-table";
import { CsvButton } from "./export/csv-button";
import { HeadlineFigures } from "./figures/headline-figures";
import { isQuiet } from "./figures/quiet";
import type { Figures } from "./figures/read-figures";
import { useFigures, useLimits } from "./figures/use-figures";
import { QuietSpan } from "./span/quiet-span";
import { type Preset, type Span, widened, zoomed } from "./span/span";
import { SpanChoice } from "./span/span-choice";
import { DEFAULT_PRESET, readView, type View, writeView } from "./url-state";
import { ViewChoice } from "./view-choice";
import { WeekView } from "./week/week-view";
import { WeeksChoice } from "./week/weeks-choice";

/** What has been: active calls, the queue, waits, starts, ends and what was lost, over any span of time or by hour of the week. */
export function HistoryPage() {
  const [, navigate] = useLocation();
  const view = readView(useSearch());
  const serverNow = useServerNow();
  const { data: figures, error, isPlaceholderData } = useFigures(view);
  const [csvError, setCsvError] = useState<Error | null>(null);
  const unzoomed = useUnzoomed(view.span);
  const show = (change: Partial<View>) => navigate(writeView({ ...view, ...change }));

  const widen = () => figures && show({ span: widened(figures.range, serverNow()) });
  const isWeek = view.weeks !== undefined;
  const csv = (
    <CsvButton
      figures={isPlaceholderData ? undefined : figures}
      span={view.span}
      onError={setCsvError}
    />
  );
  return (
    <Page title="History" actions={!isWeek && csv}>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        {view.weeks === undefined ? (
          <SpanChoice
            span={view.span}
            range={figures?.range}
            onChoose={(span) => show({ span })}
            onWiden={widen}
            onReset={() => show({ span: { preset: unzoomed } })}
          />
        ) : (
          <WeeksChoice weeks={view.weeks} onChoose={(weeks) => show({ weeks })} />
        )}
        <ViewChoice view={view} onChoose={show} />
      </div>
      {view.weeks !== undefined && <WeekView weeks={view.weeks} isTable={view.isTable} />}
      {!isWeek && <ProblemNote error={error} />}
      <ProblemNote error={csvError} />
      {!isWeek && figures === undefined && error === null && <Loading what="the history" />}
      {!isWeek && figures !== undefined && (
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

/** The preset that was shown before somebody zoomed. */
function useUnzoomed(span: Span): Preset {
  const last = useRef<Preset>(DEFAULT_PRESET);
  if ("preset" in span) last.current = span.preset;
  return last.current;
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
