import { useState } from "react";
import type { Call } from "../../domain";
import { Page } from "../../ui/page/page";
import { CallPanel } from "./call/call-panel";
import { EndCall } from "./call/end-call";
import { ColumnsMenu } from "./columns/columns-menu";
import { useColumns } from "./columns/use-columns";
import { CsvButton } from "./csv/csv-button";
import { FilterBar } from "./filters/filter-bar";
import { useCallsAddress } from "./filters/use-calls-address";
import { ViewTabs } from "./filters/view-tabs";
import { CallList } from "./list/call-list";
import { ViewsMenu } from "./views/views-menu";

/** All calls in one list: those that are queued or active, and the log of those that have ended. */
export function CallsPage() {
  const { filters, callId, show, closeCall } = useCallsAddress();
  const chosen = useColumns(filters, show);
  const [ending, setEnding] = useState<Call>();
  return (
    <Page
      title="Calls"
      actions={
        <>
          <ViewsMenu filters={{ ...filters, columns: chosen.columns }} />
          <ColumnsMenu {...chosen} />
          <CsvButton filters={filters} />
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <ViewTabs filters={filters} />
        <FilterBar filters={filters} onChange={show} />
        <CallList filters={filters} columns={chosen.columns} onShow={show} onEnd={setEnding} />
      </div>
      <CallPanel callId={callId} onEnd={setEnding} onClose={closeCall} />
      {ending !== undefined && <EndCall call={ending} onClose={() => setEnding(undefined)} />}
    </Page>
  );
}
