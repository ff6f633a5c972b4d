import { useState } from "react";
import { useLocation } from "wouter";
import { useSignedIn } from "../../auth/session";
import type { Org } from "../../domain";
import { clock } from "../../format";
import { Button } from "../../ui/control/button";
import { SearchInput } from "../../ui/form/field";
import { ProblemNote } from "../../ui/message/problem-note";
import { Empty, Loading, Page } from "../../ui/page/page";
import { useOrgs } from "../shared/org-queries";
import { DeleteOrg } from "./delete-org";
import { extentInWords, found } from "./org-list";
import { OrgPanel } from "./org-panel";
import { OrgsTable } from "./orgs-table";

type Doing = { what: "create" } | { what: "edit"; org: Org } | { what: "delete"; org: Org };

/** The organisations, and what an operator does with them. */
export function Organisations() {
  const { org: current, chooseOrg } = useSignedIn();
  const [, goTo] = useLocation();
  const [search, setSearch] = useState("");
  const [doing, setDoing] = useState<Doing | null>(null);
  // All of them, or the fullest might be among those that were not read.
  const orgs = useOrgs(true);
  const read = orgs.data?.pages.flatMap(({ items }) => items) ?? [];
  const shown = found(read, search);
  const lookAt = ({ id }: Org) => {
    chooseOrg(id);
    goTo("/concurrency");
  };
  const stop = () => setDoing(null);
  return (
    <Page
      title="Organisations"
      actions={
        <>
          <div className="w-56 max-w-full">
            <SearchInput label="Search organisations" value={search} onChange={setSearch} />
          </div>
          <Button kind="primary" onClick={() => setDoing({ what: "create" })}>
            Create organisation
          </Button>
        </>
      }
    >
      <ProblemNote error={orgs.error} />
      {orgs.isPending && <Loading what="organisations" />}
      {orgs.data !== undefined && shown.length === 0 && !orgs.hasNextPage && (
        <NothingToShow search={search} />
      )}
      {shown.length > 0 && (
        <OrgsTable
          orgs={shown}
          current={current}
          onLookAt={lookAt}
          onEdit={(org) => setDoing({ what: "edit", org })}
          onDelete={(org) => setDoing({ what: "delete", org })}
        />
      )}
      {orgs.data !== undefined && (
        <Extent
          shown={shown.length}
          read={read.length}
          readAt={orgs.dataUpdatedAt}
          hasMore={orgs.hasNextPage}
          isBusy={orgs.isFetching}
          onMore={() => orgs.fetchNextPage()}
          onAgain={() => orgs.refetch()}
        />
      )}
      {doing?.what === "create" && <OrgPanel onClose={stop} />}
      {doing?.what === "edit" && <OrgPanel org={doing.org} onClose={stop} />}
      {doing?.what === "delete" && <DeleteOrg org={doing.org} onClose={stop} />}
    </Page>
  );
}

function NothingToShow({ search }: { search: string }) {
  if (search.trim() !== "") {
    return (
      <Empty title={`Nothing found for "${search.trim()}"`}>
        The search covers names, ids and plans.
      </Empty>
    );
  }
  return (
    <Empty title="No organisations yet">
      An organisation has one pool of call slots, with its own agents, reservations and keys. Create
      the first one, then open it.
    </Empty>
  );
}

/** How many are shown, of how many, as of when. */
function Extent(props: {
  shown: number;
  read: number;
  readAt: number;
  hasMore: boolean;
  isBusy: boolean;
  onMore: () => void;
  onAgain: () => void;
}) {
  const { shown, read, readAt, hasMore, isBusy } = props;
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 text-muted">
      <p>
        <span role="status">{extentInWords(shown, read, hasMore)}</span>, as of {clock(readAt)}
      </p>
      <div className="flex gap-2">
        {hasMore && (
          <Button onClick={props.onMore} disabled={isBusy} focusableWhenDisabled>
            Read more
          </Button>
        )}
        <Button onClick={props.onAgain} disabled={isBusy} focusableWhenDisabled>
          Refresh
        </Button>
      </div>
    </div>
  );
}
