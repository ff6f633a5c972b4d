import { useMemo } from "react";
import { useLocation, useSearch } from "wouter";
import { type Address, hrefOf, type ReserveFor, readAddress, type Tab } from "./address";
import type { View } from "./matrix/matrix-rows";

interface PageAddress extends Address {
  show: (view: Partial<View>, tab?: Tab) => void;
  chooseTab: (tab: Tab) => void;
  openPanel: (reserveFor: ReserveFor) => void;
  closePanel: () => void;
}

/** The page's address as what it shows, and how to go elsewhere. */
export function useAddress(): PageAddress {
  const search = useSearch();
  const [, navigate] = useLocation();
  return useMemo(() => {
    const address = readAddress(search);
    const replace = (next: Partial<Address>) =>
      navigate(hrefOf({ ...address, ...next }), { replace: true });
    return {
      ...address,
      show: (view, tab = "agents") => replace({ view: { ...address.view, ...view }, tab }),
      chooseTab: (tab) => replace({ tab }),
      // A step of its own, so that Back closes the panel.
      openPanel: (reserveFor) => navigate(hrefOf({ ...address, reserveFor })),
      closePanel: () => replace({ reserveFor: undefined }),
    };
  }, [search, navigate]);
}
