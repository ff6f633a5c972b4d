/** A height in pixels from one in rem: it follows the reader's size of type. */
export function remToPx(rem: number): number {
  const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return rem * (Number.isFinite(size) && size > 0 ? size : 16);
}
