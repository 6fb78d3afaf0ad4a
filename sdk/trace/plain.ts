// Words of others inside our sentences: on one line, bounded, and without characters that steer a terminal or turn text around.

const LONGEST = 160;

// C0 and C1 controls, line separators, and the characters that set text direction or are not seen at all.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]+/gu;

/** Without its last full stop: the sentence around it has its own. */
export function plain(text: string): string {
  const line = text.replace(UNSAFE, " ").replace(/\s+/gu, " ").trim();
  const bounded = line.length > LONGEST ? `${line.slice(0, LONGEST).trimEnd()}…` : line;
  return bounded.replace(/[.!?]+$/u, "").replaceAll(/([.!?]) (?=\p{Lu})/gu, "; ");
}

/** A transaction or another long name, by its two ends. */
export const short = (id: string): string => {
  const text = plain(id);
  return text.length > 20 ? `${text.slice(0, 8)}…${text.slice(-6)}` : text;
};
