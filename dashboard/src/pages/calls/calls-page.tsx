import { useState } from "react";
import type { Call } from "../../domain";
import { useLive } from "../../live/live-provider";
import { Page } from "../../ui/page";
import { CallPanel } from "./call-panel";
import { CsvButton } from "./csv-button";
import { EndCall } from "./end-call";
import { FilterBar } from "./filter-bar";
import { isListedByServer } from "./filters";
import { FindCall } from "./find-call";
import { ListedCalls } from "./listed-calls";
import { LiveCalls } from "./live-calls";
import { useCallsAddress } from "./use-calls-address";
import { ViewTabs } from "./view-tabs";

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
