import { cloneElement, type HTMLAttributes, type ReactElement, type Ref, useCallback } from "react";
import { TipPopup } from "./tip-popup";
import { useTip } from "./use-tip";

type Props = HTMLAttributes<HTMLElement> & { ref?: Ref<HTMLElement> };
type Handler = (event: never) => unknown;

/** A few words about something, on hover and focus. They never hold what is said nowhere else but the reason of a refusal. */
export function Tip({ text, children }: { text: string; children: ReactElement }) {
  const tip = useTip(150);
  const own = children.props as Props;
  const { anchor } = tip;
  const ref = useCallback(
    (element: HTMLElement | null) => {
      anchor.current = element;
      if (typeof own.ref === "function") return own.ref(element);
      if (own.ref) own.ref.current = element;
    },
    [anchor, own.ref],
  );
  return (
    <>
      {cloneElement(children as ReactElement<Props>, {
        "aria-description": text,
        ...both(tip.trigger, own),
        ref,
      })}
      <TipPopup tip={tip} width="max-w-72">
        {text}
      </TipPopup>
    </>
  );
}

/** The tip's handlers, each before the control's own of that name. */
function both(tip: Record<string, Handler>, own: Props): Props {
  const of = own as Readonly<Record<string, Handler | undefined>>;
  const handlers = Object.entries(tip).map(([name, first]) => {
    const second = of[name];
    const handler = (event: never) => {
      first(event);
      second?.(event);
    };
    return [name, handler];
  });
  return Object.fromEntries(handlers);
}
