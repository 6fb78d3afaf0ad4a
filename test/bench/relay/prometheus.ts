// Prometheus' text format, as far as the relayer writes it.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function parseSamples(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = LINE.exec(line) ?? [];
    if (name === undefined) return [];
    const named = [...labels.matchAll(LABEL)].map(([, key = "", label = ""]) => [key, label] as const);
    return [{ name, labels: Object.fromEntries(named), value: Number(value) }];
  });
}

/** Sums of what has this name, by the given labels' values with spaces between them. */
export function sumSamples(texts: readonly string[], name: string, labels: readonly string[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const sample of texts.flatMap(parseSamples)) {
    if (sample.name !== name) continue;
    const key = labels.map((label) => sample.labels[label] ?? "").join(" ");
    sums.set(key, (sums.get(key) ?? 0) + sample.value);
  }
  return sums;
}

export function difference(after: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>) {
  return new Map([...after].map(([key, value]) => [key, value - (before.get(key) ?? 0)]));
}
