import { useEffect, useRef, useState } from "react";
import { SearchInput } from "../../../ui/form/field";

/** How long nothing is typed before it is searched for. */
const PAUSE_MS = 250;

/** The search over all calls: it follows the address, and the address follows it once nothing more is typed. */
export function SearchField(props: { text: string; onSearch: (text: string) => void }) {
  const { text, onSearch } = props;
  const [typed, setTyped] = useState(text);
  const told = useRef(text);
  const search = useRef(onSearch);
  search.current = onSearch;
  // The address went elsewhere: by Back, a saved view, or a cleared filter.
  if (text !== told.current) {
    told.current = text;
    if (typed.trim() !== text) setTyped(text);
  }
  const wanted = typed.trim();
  useEffect(() => {
    if (wanted === told.current) return;
    const timer = setTimeout(() => {
      told.current = wanted;
      search.current(wanted);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  return <SearchInput label="Search by id or metadata" value={typed} onChange={setTyped} />;
}
