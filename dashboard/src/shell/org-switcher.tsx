import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { api, bodyOf } from "../api/client";
import { useSignedIn } from "../auth/session";
import { Select } from "../ui/select";
import { ALL_ORGS, orgChoices } from "./org-choices";

/** The organisation: operators choose it, everybody else has one. */
export function OrgSwitcher() {
  const { session, org } = useSignedIn();
  if (session.org === null) return <Choose />;
  return (
    <p title={org} className="truncate px-2 text-muted">
      <span className="sr-only">Organisation: </span>
      {org}
    </p>
  );
}

function Choose() {
  const { org, chooseOrg } = useSignedIn();
  const [, goTo] = useLocation();
  const orgs = useQuery({
    queryKey: ["orgs", "choices"],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/v1/orgs", { params: { query: { limit: 1000 } }, signal })),
    staleTime: 60_000,
  });
  const hasMore = orgs.data !== undefined && orgs.data.next !== null;
  const choose = (value: string) => (value === ALL_ORGS ? goTo(ALL_ORGS) : chooseOrg(value));
  return (
    <div className="px-2 [&_label]:w-full">
      <Select
        label="Organisation"
        isLabelHidden
        value={org}
        choices={orgChoices(orgs.data?.items ?? [], org, hasMore)}
        onChange={choose}
      />
    </div>
  );
}
