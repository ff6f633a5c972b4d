import {
  CALL_TYPES,
  type CallType,
  END_REASON_TEXT,
  type EndReason,
  TYPE_NAME,
} from "../../../domain";
import { duration } from "../../../format";
import { Button } from "../../../ui/control/button";
import { type Choice, Select } from "../../../ui/form/select";
import { type AgentNames, useAgentNames } from "../../shared/agent-names";
import { useGateNames } from "../../shared/gate-names";
import { type Filters, isNarrowed, mayHaveEnded, NO_FILTERS } from "./filters";
import { SearchField } from "./search-field";
import { SpanFilter } from "./span-filter";

interface FilterBarProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

const WAITS_S = [5, 10, 30, 60, 300, 900];

/** The search, and the choices by which the list gets shorter. */
export function FilterBar({ filters, onChange }: FilterBarProps) {
  const names = useAgentNames();
  return (
    <search className="flex flex-wrap items-center gap-2 max-sm:grid max-sm:grid-cols-2 max-sm:[&>input]:col-span-2 max-sm:[&>input]:max-w-none sm:[&_label]:max-w-52">
      <SearchField text={filters.text} onSearch={(text) => onChange({ ...filters, text })} />
      <Select
        label="Agent"
        isLabelHidden
        value={filters.agent ?? ""}
        choices={choicesOf(names, filters.agent, "All agents")}
        onChange={(agent) => onChange({ ...filters, agent: agent === "" ? undefined : agent })}
      />
      <Select<CallType | "">
        label="Type"
        isLabelHidden
        value={filters.type ?? ""}
        choices={[
          { value: "", label: "All types" },
          ...CALL_TYPES.map((value) => ({ value, label: TYPE_NAME[value] })),
        ]}
        onChange={(type) => onChange({ ...filters, type: type === "" ? undefined : type })}
      />
      <GateFilter filters={filters} onChange={onChange} />
      <Select
        label="Wait"
        isLabelHidden
        value={String(filters.leastWaitS ?? "")}
        choices={waitChoices(filters.leastWaitS)}
        onChange={(wait) =>
          onChange({ ...filters, leastWaitS: wait === "" ? undefined : Number(wait) })
        }
      />
      {mayHaveEnded(filters.view) && <EndedFilters filters={filters} onChange={onChange} />}
      {isNarrowed(filters) && (
        <Button
          kind="quiet"
          onClick={() => {
            const { view, sort, columns } = filters;
            onChange({ ...NO_FILTERS, view, sort, columns });
          }}
        >
          Clear filters
        </Button>
      )}
    </search>
  );
}

function EndedFilters({ filters, onChange }: FilterBarProps) {
  const reasons = Object.entries(END_REASON_TEXT) as [EndReason, string][];
  return (
    <>
      <Select<EndReason | "">
        label="Reason"
        isLabelHidden
        value={filters.reason ?? ""}
        choices={[
          { value: "", label: "Any end" },
          ...reasons.map(([value, label]) => ({ value, label: `Ended: ${label}` })),
        ]}
        onChange={(reason) => onChange({ ...filters, reason: reason === "" ? undefined : reason })}
      />
      <SpanFilter span={filters.span} onChange={(span) => onChange({ ...filters, span })} />
    </>
  );
}

/** Nothing while there are no gates. */
function GateFilter({ filters, onChange }: FilterBarProps) {
  const names = useGateNames();
  if (names.size === 0 && filters.gate === undefined) return null;
  return (
    <Select
      label="Gate"
      isLabelHidden
      value={filters.gate ?? ""}
      choices={choicesOf(names, filters.gate, "All gates")}
      onChange={(gate) => onChange({ ...filters, gate: gate === "" ? undefined : gate })}
    />
  );
}

/** All of them by name, with the chosen one even when it is gone. */
function choicesOf(names: AgentNames, chosen: string | undefined, all: string): Choice<string>[] {
  const known = [...names].map(([value, name]) => ({
    value,
    label: name === value ? name : `${name} (${value})`,
  }));
  known.sort((a, b) => a.label.localeCompare(b.label));
  const isGone = chosen !== undefined && !names.has(chosen);
  return [
    { value: "", label: all },
    ...(isGone ? [{ value: chosen, label: chosen }] : []),
    ...known,
  ];
}

function waitChoices(chosen: number | undefined): Choice<string>[] {
  const waits = chosen === undefined || WAITS_S.includes(chosen) ? WAITS_S : [...WAITS_S, chosen];
  return [
    { value: "", label: "Any wait" },
    ...waits
      .toSorted((a, b) => a - b)
      .map((s) => ({ value: String(s), label: `Wait ≥ ${duration(s * 1000)}` })),
  ];
}
