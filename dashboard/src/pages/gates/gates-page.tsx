import { useMemo, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { useBarred } from "../../auth/session";
import { GATE_KIND_NAME, GATE_KINDS, type GateKind } from "../../domain";
import { count, counted } from "../../format";
import { Button } from "../../ui/control/button";
import { SearchInput } from "../../ui/form/field";
import { Select } from "../../ui/form/select";
import { Note } from "../../ui/message/note";
import { ProblemNote } from "../../ui/message/problem-note";
import { Empty, Page } from "../../ui/page/page";
import { WindowedTable } from "../../ui/table/windowed-table";
import { gateHref } from "../shared/gate-address";
import { CancelWaiting } from "./cancel-waiting";
import { DeleteGate } from "./delete-gate";
import { gateColumns } from "./gate-columns";
import { GatePanel } from "./gate-panel";
import { foundGates, type GateRow } from "./gate-rows";
import { NoGates } from "./no-gates";
import { SkeletonRows } from "./skeleton-rows";
import { useGates } from "./use-gates";
import { usePause } from "./use-pause";

type Asking = { kind: "cancel" | "delete"; id: string };

/** The gates of the organisation: what holds calls at them, and how far campaigns have come. */
export function GatesPage() {
  const { rows, error } = useGates();
  const barred = useBarred("admin");
  const [search, setSearch] = useState("");
  const [kind, setKind] = useState<GateKind | "">("");
  const [isCreating, setCreating] = useState(false);
  const create = (
    <Button kind="primary" disabledBecause={barred} onClick={() => setCreating(true)}>
      Create gate
    </Button>
  );
  const isEmpty = rows !== undefined && rows.length === 0;
  return (
    <Page
      title="Gates"
      actions={
        !isEmpty && (
          <>
            <div className="w-52">
              <SearchInput label="Search gates" value={search} onChange={setSearch} />
            </div>
            <Select<GateKind | "">
              label="Kind"
              isLabelHidden
              value={kind}
              choices={[
                { value: "", label: "All kinds" },
                ...GATE_KINDS.map((value) => ({ value, label: GATE_KIND_NAME[value] })),
              ]}
              onChange={setKind}
            />
            {create}
          </>
        )
      }
    >
      {error !== null && <ProblemNote error={error} />}
      {rows === undefined && <SkeletonRows what="gates" />}
      {isEmpty && <NoGates action={create} />}
      {rows !== undefined && !isEmpty && (
        <Gates rows={rows} search={search} kind={kind === "" ? undefined : kind} />
      )}
      {rows !== undefined && <OpenGate rows={rows} />}
      {isCreating && <GatePanel gate={undefined} onClose={() => setCreating(false)} />}
    </Page>
  );
}

interface GatesProps {
  rows: readonly GateRow[];
  search: string;
  kind: GateKind | undefined;
}

function Gates({ rows: all, search, kind }: GatesProps) {
  const barred = useBarred("admin");
  const barredFromEnding = useBarred("engine");
  const [, goTo] = useLocation();
  const [asking, setAsking] = useState<Asking>();
  const pause = usePause();
  const rows = useMemo(() => foundGates(all, search, kind), [all, search, kind]);
  const columns = useMemo(
    () =>
      gateColumns({
        barred,
        barredFromEnding,
        onEdit: ({ id }) => goTo(gateHref(id)),
        onPause: pause,
        onCancel: ({ id }) => setAsking({ kind: "cancel", id }),
        onDelete: ({ id }) => setAsking({ kind: "delete", id }),
        onGoTo: goTo,
      }),
    [barred, barredFromEnding, goTo, pause],
  );
  const about = all.find(({ id }) => id === asking?.id);
  const stop = () => setAsking(undefined);
  return (
    <div className="flex flex-col gap-2">
      {rows.length === 0 ? (
        <Empty title="No gate matches">
          Search for a part of a name or an id, or choose a kind.
        </Empty>
      ) : (
        <WindowedTable
          label="Gates"
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          rowRem={3.25}
        />
      )}
      <p className="text-muted">
        {counted(rows.length, "gate")}
        {rows.length === all.length ? "" : ` of ${count(all.length)}`}
      </p>
      {about !== undefined && asking?.kind === "cancel" && (
        <CancelWaiting gate={about} onClose={stop} />
      )}
      {about !== undefined && asking?.kind === "delete" && (
        <DeleteGate gate={about} onClose={stop} />
      )}
    </div>
  );
}

/** The gate that the address names. */
function OpenGate({ rows }: { rows: readonly GateRow[] }) {
  const id = new URLSearchParams(useSearch()).get("gate");
  const [, goTo] = useLocation();
  if (id === null) return null;
  const gate = rows.find((row) => row.id === id);
  if (gate === undefined) {
    return (
      <Note kind="warning">
        There is no gate <code className="break-all">{id}</code>. It may have been deleted.
      </Note>
    );
  }
  return <GatePanel key={id} gate={gate} onClose={() => goTo("/gates")} />;
}
