// Copying. The clipboard of a page that came over plain HTTP from another machine is closed to scripts; there the older way is left.

/** Copies a text; says whether it could. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.className = "sr-only";
  // Within a dialog, where focus may go.
  const parent = document.activeElement?.parentElement ?? document.body;
  parent.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  return isCopied;
}
