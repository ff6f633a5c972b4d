import { Menu } from "@base-ui/react/menu";
import { useState } from "react";
import { useLocation } from "wouter";
import { useSignedIn } from "../../../auth/session";
import { MENU_ITEM, MenuBelow } from "../../../ui/control/menu";
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
          <Menu.Item
            key={name}
            onClick={() => navigate(href)}
            aria-current={href === here ? "true" : undefined}
            className={MENU_ITEM}
          >
            <span className="w-4 shrink-0">{href === here && "✓"}</span>
            <bdi className="min-w-0 truncate">{name}</bdi>
          </Menu.Item>
        ))}
        <Menu.Separator className="my-1 border-line border-t" />
        <Menu.Item onClick={() => setOpen("save")} className={MENU_ITEM}>
          Save this view …
        </Menu.Item>
        {views.length > 0 && (
          <Menu.Item onClick={() => setOpen("manage")} className={MENU_ITEM}>
            Share or delete views …
          </Menu.Item>
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
