import { useState } from "react";
import type { Call } from "../../domain";
import { useLive } from "../../live/live-provider";
import { Page } from "../../ui/page";
import { CallPanel } from "./call/call-panel";
import { EndCall } from "./call/end-call";
import { CsvButton } from "./csv/csv-button";
import { FilterBar } from "./filters/filter-bar";
import { isListedByServer } from "./filters/filters";
import { FindCall } from "./filters/find-call";
import { useCallsAddress } from "./filters/use-calls-address";
import { ViewTabs } from "./filters/view-tabs";
import { ListedCalls } from "./list/listed-calls";
import { LiveCalls } from "./list/live-calls";

/** All calls: those that are queued or active, and the log of those that have ended. */
export function CallsPage() {
  const { filters, callId, show, openCall, closeCall } = useCallsAddress();
  const isComplete = useLive((live) => live.isComplete) ?? true;
  const [ending, setEnding] = useState<Call>();
  return (
    <Page
      title="Calls"
      actions={
        <>
          <FindCall onFind={openCall} />
          <CsvButton filters={filters} />
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <ViewTabs filters={filters} />
        <FilterBar filters={filters} onChange={show} />
        {isListedByServer(filters, isComplete) ? (
          <ListedCalls filters={filters} onEnd={setEnding} />
        ) : (
          <LiveCalls filters={filters} onShow={show} onEnd={setEnding} />
        )}
      </div>
      <CallPanel callId={callId} onEnd={setEnding} onClose={closeCall} />
      {ending !== undefined && <EndCall call={ending} onClose={() => setEnding(undefined)} />}
    </Page>
  );
}
