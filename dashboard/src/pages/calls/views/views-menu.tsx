import { useState } from "react";
import { useLocation } from "wouter";
import { useSignedIn } from "../../../auth/session";
import { MenuBelow } from "../../../ui/control/menu";
import { MenuItem, MenuLine } from "../../../ui/control/menu-item";
import { useStored } from "../../shared/stored";
import { type Filters, hrefOf } from "../filters/filters";
import { ManageViews } from "./manage-views";
import { SaveView } from "./save-view";
import { knownViews } from "./saved-views";

/** The views that this browser keeps of the organisation, and what can be done with them. */
export function ViewsMenu({ filters }: { filters: Filters }) {
  const { org } = useSignedIn();
  const [views, keep] = useStored(`callslot.calls.views.${org}`, knownViews);
  const [, navigate] = useLocation();
  const [open, setOpen] = useState<"save" | "manage">();
  const here = hrefOf(filters);
  const now = views.find(({ href }) => href === here);
  return (
    <>
      <MenuBelow
        label={
          now === undefined ? (
            "Views"
          ) : (
            <>
              View: <bdi className="max-w-32 truncate">{now.name}</bdi>
            </>
          )
        }
      >
        {views.length === 0 && (
          <p className="max-w-60 px-2 py-1.5 text-muted">
            No saved views yet. A view is a search with its filters, order and columns, under a
            name.
          </p>
        )}
        {views.map(({ name, href }) => (
          <MenuItem key={name} onSelect={() => navigate(href)} isCurrent={href === here}>
            <span className="w-4 shrink-0">{href === here && "✓"}</span>
            <bdi className="min-w-0 truncate">{name}</bdi>
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem onSelect={() => setOpen("save")}>Save this view …</MenuItem>
        {views.length > 0 && (
          <MenuItem onSelect={() => setOpen("manage")}>Share or delete views …</MenuItem>
        )}
      </MenuBelow>
      <SaveView
        isOpen={open === "save"}
        filters={filters}
        views={views}
        onSave={keep}
        onClose={() => setOpen(undefined)}
      />
      <ManageViews
        isOpen={open === "manage"}
        views={views}
        onChange={keep}
        onClose={() => setOpen(undefined)}
      />
    </>
  );
}
