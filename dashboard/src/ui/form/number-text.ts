// Whole numbers as people type them.

/** The number in a text such as "1,000" or " 20 "; undefined if it is not one. */
export function wholeNumberIn(text: string): number | undefined {
  const digits = text.replace(/[\s,_]/g, "");
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}
