import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useLocation } from "wouter";
import { api, bodyOf } from "../api/client";
import { useSignedIn } from "../auth/session";
import { useLive } from "../live/live-provider";
import { Picker } from "../ui/dialog/picker";
import { Badge } from "../ui/text/badge";
import { Icon } from "./icons";
import { foundOrgs } from "./org-choices";

/** The organisation with its plan: operators choose it, everybody else has one. */
export function OrgSwitcher() {
  const { session, org } = useSignedIn();
  if (session.org === null) return <Choose />;
  return (
    <div title={org} className="flex min-h-9 items-center gap-2 px-2">
      <Icon name="organisations" />
      <span className="flex min-w-0 flex-1 items-center gap-2 md:max-lg:sr-only">
        <span className="sr-only">Organisation: </span>
        <bdi className="min-w-0 flex-1 truncate font-medium">{org}</bdi>
        <PlanBadge />
      </span>
    </div>
  );
}

function Choose() {
  const { org, chooseOrg } = useSignedIn();
  const [, goTo] = useLocation();
  const [isOpen, setOpen] = useState(false);
  const orgs = useQuery({
    queryKey: ["orgs", "choices"],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/v1/orgs", { params: { query: { limit: 1000 } }, signal })),
    staleTime: 60_000,
  });
  const read = orgs.data;
  const name = read?.items.find(({ id }) => id === org)?.name ?? org;
  const find = useCallback(
    (text: string) => {
      const found = foundOrgs(read?.items ?? [], text, org).map((it) => ({
        key: it.id,
        name: it.name,
        hint: it.id === org ? `${it.id} · open` : it.id,
        onPick: () => chooseOrg(it.id),
      }));
      if (read == null || read.next == null) return found;
      // An id has no slash.
      const all = {
        key: "/all",
        name: "More organisations…",
        onPick: () => goTo("/organisations"),
      };
      return [...found, all];
    },
    [read, org, chooseOrg, goTo],
  );
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        title={name}
        onClick={() => setOpen(true)}
        className="flex min-h-9 min-w-0 items-center gap-2 rounded-md border border-line px-2 text-left hover:bg-sunken"
      >
        <Icon name="organisations" />
        <span className="flex min-w-0 flex-1 items-center gap-2 md:max-lg:sr-only">
          <span className="sr-only">Organisation: </span>
          <bdi className="min-w-0 flex-1 truncate font-medium">{name}</bdi>
          <PlanBadge />
        </span>
      </button>
      <Picker
        title="Organisation"
        label="Search organisations"
        nothing="No organisation has such a name or id."
        find={find}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
      />
    </>
  );
}

function PlanBadge() {
  const plan = useLive((live) => live.pool.plan);
  if (plan === undefined) return null;
  return (
    <span title={`Plan ${plan}`} className="max-w-20 truncate">
      <Badge kind="accent">{plan}</Badge>
    </span>
  );
}
