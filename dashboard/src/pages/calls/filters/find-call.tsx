import { useState } from "react";
import { SearchInput } from "../../../ui/field";

/** Opens a call by its id, live or ended. */
export function FindCall({ onFind }: { onFind: (id: string) => void }) {
  const [id, setId] = useState("");
  return (
    <form
      className="w-52"
      onSubmit={(event) => {
        event.preventDefault();
        if (id.trim() !== "") onFind(id.trim());
      }}
    >
      <SearchInput label="Open a call by its id" value={id} onChange={setId} />
    </form>
  );
}
