// How many cases a property test tries: PROPERTY_SCALE=20 searches longer than a test run has time for.
const scale = Number(process.env["PROPERTY_SCALE"] ?? "1");

export const runs = (count: number): { readonly numRuns: number } => ({ numRuns: Math.ceil(count * scale) });
