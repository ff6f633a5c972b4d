import { useState } from "react";
import { Dialog } from "./dialog";
import { SearchList } from "./search-list";

export interface PickerChoice {
  key: string;
  name: string;
  /** What sort of thing it is, or what tells it from others of its name. */
  hint?: string;
  onPick: () => void;
}

interface PickerProps {
  title: string;
  /** What can be searched for. */
  label: string;
  /** What is found for a search, the best first. */
  find: (search: string) => readonly PickerChoice[];
  /** Said when nothing is found. */
  nothing: string;
  isOpen: boolean;
  onClose: () => void;
}

/** A search over everything that can be chosen. Arrow keys and Enter choose. */
export function Picker({ title, isOpen, onClose, ...search }: PickerProps) {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      <Search {...search} onClose={onClose} />
    </Dialog>
  );
}

function Search(props: Omit<PickerProps, "title" | "isOpen">) {
  const { label, find, nothing, onClose } = props;
  const [search, setSearch] = useState("");
  const found = find(search.trim());
  return (
    <SearchList
      label={label}
      search={search}
      onSearch={setSearch}
      found={found}
      keyOf={({ key }) => key}
      draw={({ name, hint }) => (
        <>
          <bdi className="min-w-0 truncate">{name}</bdi>
          <span className="max-w-1/2 shrink-0 truncate text-muted text-xs">{hint}</span>
        </>
      )}
      onPick={({ onPick }) => {
        onClose();
        onPick();
      }}
      said={found.length === 0 ? nothing : undefined}
      look="max-h-80"
    />
  );
}
