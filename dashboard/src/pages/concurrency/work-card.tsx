import { Tabs } from "@base-ui/react/tabs";
import type { Pool } from "../../domain";
import { count } from "../../format";
import { TABS, type Tab } from "./address";
import { AgentSearch } from "./matrix/agent-search";
import { Matrix } from "./matrix/matrix";
import type { View } from "./matrix/matrix-rows";
import type { AgentColor } from "./pool-bar/agent-colors";
import { Waiting } from "./waiting/waiting";

interface WorkCardProps {
  pool: Pool;
  colors: ReadonlyMap<string, AgentColor>;
  tab: Tab;
  view: View;
  onTab: (tab: Tab) => void;
  onShow: (view: Partial<View>) => void;
}

/** The agents, and the calls that wait, as two tabs of one card. */
export function WorkCard({ pool, colors, tab, view, onTab, onShow }: WorkCardProps) {
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(chosen) => onTab(TABS.find((known) => known === chosen) ?? "agents")}
      className="rounded-lg border border-line bg-surface shadow-card"
    >
      <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
        <Tabs.List aria-label="What is listed" className="flex gap-4">
          <Tabs.Tab value="agents" className={TAB_LOOK}>
            Agents <span className="text-muted">{count(pool.agents.length)}</span>
          </Tabs.Tab>
          <Tabs.Tab value="waiting" className={TAB_LOOK}>
            Waiting{" "}
            <span className={pool.queued > 0 ? "text-warning" : "text-muted"}>
              {count(pool.queued)}
            </span>
          </Tabs.Tab>
        </Tabs.List>
        {tab === "agents" && (
          <AgentSearch value={view.search} onChange={(search) => onShow({ search })} />
        )}
      </div>
      <Tabs.Panel value="agents" tabIndex={-1} className="outline-none">
        <Matrix pool={pool} colors={colors} view={view} onShow={onShow} />
      </Tabs.Panel>
      <Tabs.Panel value="waiting" tabIndex={-1} className="outline-none">
        <Waiting pool={pool} />
      </Tabs.Panel>
    </Tabs.Root>
  );
}

const TAB_LOOK =
  "inline-flex min-h-8 items-center gap-1.5 border-b-2 border-transparent text-base text-muted data-active:border-accent data-active:font-semibold data-active:text-text forced-colors:not-data-active:border-[Canvas]";
