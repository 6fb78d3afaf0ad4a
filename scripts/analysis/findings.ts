// What Slither says, by detector and by place in the code: names, since lines move.
import { z } from "zod";

/** `<detector> <Contract>.<function or variable>` → how often. */
export type Findings = ReadonlyMap<string, number>;

interface Element {
  readonly type: string;
  readonly name: string;
  readonly type_specific_fields?: { readonly parent?: Element | undefined } | undefined;
}

const element: z.ZodType<Element> = z.object({
  type: z.string(),
  name: z.string(),
  type_specific_fields: z.object({ parent: z.lazy(() => element).optional() }).optional(),
});

const report = z.object({
  success: z.literal(true),
  results: z.object({
    detectors: z.array(z.object({ check: z.string(), elements: z.tuple([element], z.unknown()) })).default([]),
  }),
});

/** From the report that `slither --json` writes. */
export function slitherFindings(json: unknown): Findings {
  const found = new Map<string, number>();
  for (const { check, elements } of report.parse(json).results.detectors) {
    const key = `${check} ${place(elements[0])}`;
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return found;
}

function place({ name, type_specific_fields: fields }: Element): string {
  const parent = fields?.parent;
  return parent === undefined ? name : `${place(parent)}.${name}`;
}
