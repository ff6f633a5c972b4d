// What lies over the page: the last that was opened is the only part of the document that can be reached, with what says so itself.

/** For what can be reached whatever lies over the page, such as messages. */
const ABOVE_ALL = "[data-above-all]";
const COVERED = "data-covered";

let layers: readonly HTMLElement[] = [];

/** Puts an element, which is a child of the body, over all others. Gives what takes it away. */
export function putOver(layer: HTMLElement): () => void {
  layers = [...layers, layer];
  coverOthers();
  return () => {
    layers = layers.filter((other) => other !== layer);
    coverOthers();
  };
}

export function isOnTop(layer: HTMLElement): boolean {
  return layers.at(-1) === layer;
}

function coverOthers(): void {
  const top = layers.at(-1);
  for (const part of document.body.children) {
    const isCovered = top !== undefined && part !== top && !part.matches(ABOVE_ALL);
    if (isCovered === part.hasAttribute(COVERED)) continue;
    part.toggleAttribute(COVERED, isCovered);
    part.toggleAttribute("inert", isCovered);
    // Browsers hide what is inert from screen readers; tests have no browser.
    if (isCovered) part.setAttribute("aria-hidden", "true");
    else part.removeAttribute("aria-hidden");
  }
  holdPage(top !== undefined);
}

/** What is below does not scroll, nor jump when its scroll bar goes. */
function holdPage(isCovered: boolean): void {
  const { documentElement: page } = document;
  if (isCovered === page.hasAttribute("data-held")) return;
  page.style.scrollbarGutter = isCovered && window.innerWidth > page.clientWidth ? "stable" : "";
  page.toggleAttribute("data-held", isCovered);
}
