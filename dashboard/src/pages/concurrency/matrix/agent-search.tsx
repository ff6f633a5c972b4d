import { useEffect, useRef } from "react";
import { INPUT_LOOK } from "../../../ui/form/field";

/** Finds agents by name or id; "/" leads to it from anywhere on the page. */
export function AgentSearch(props: { value: string; onChange: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector("[role=dialog]") !== null) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
  return (
    <input
      ref={input}
      type="search"
      aria-label="Search agents"
      aria-keyshortcuts="/"
      placeholder="Search agents  /"
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      onKeyDown={(event) => event.key === "Escape" && props.onChange("")}
      className={`${INPUT_LOOK} w-48! max-sm:w-full!`}
    />
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select");
}
