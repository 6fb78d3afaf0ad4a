// Reads contracts/evm/ANALYSIS.md, which answers each finding of Slither and lists each symbolic check, and compares.
import type { Findings } from "./findings.ts";

export interface Analysis {
  /** As in Findings. */
  readonly answers: Findings;
  /** Names of the symbolic checks: `<contract>.<function>`. */
  readonly checks: readonly string[];
}

/**
 * Answers are below headings that are a detector's name, in paragraphs that are "In" and the places, `×2` behind one
 * with two findings. Checks are the first cells of a table. Detectors, places and checks are in backquotes.
 */
export function readAnalysis(markdown: string): Analysis {
  const answers = new Map<string, number>();
  const checks: string[] = [];
  let detector: string | undefined;
  for (const paragraph of markdown.split(/\n\n+/)) {
    if (paragraph.startsWith("#")) detector = /^### `([\w-]+)`$/.exec(paragraph)?.[1];
    if (detector !== undefined && paragraph.startsWith("In `"))
      for (const [, place, times] of paragraph.matchAll(/`([^`]+)`(?: ×(\d+))?/g))
        answers.set(`${detector} ${place}`, Number(times ?? 1));
    for (const [, check] of paragraph.matchAll(/^\| `(\w+\.check_\w+)` \|/gm)) checks.push(check ?? "");
  }
  return { answers, checks };
}

/** One sentence for each finding without an answer, and each answer without a finding. */
export function compareFindings(found: Findings, answers: Findings): string[] {
  return [...new Set([...found.keys(), ...answers.keys()])].sort().flatMap((key) => {
    const [is, answered] = [found.get(key) ?? 0, answers.get(key) ?? 0];
    if (is === answered) return [];
    return [`${key}: found ${is} times, answered ${answered} times`];
  });
}
