// A light client as each endpoint of its host shows it: one answer does not stand for all.
import type { TrustedClient, TrustedView } from "../trusted-client.ts";
import type { Pool } from "./pool.ts";

/** Throws the first endpoint's failure when there is no answer. */
export async function trustedViews<E extends { readonly name: string }>(
  { endpoints }: Pool<E>,
  read: (endpoint: E) => Promise<TrustedClient>,
): Promise<TrustedView[]> {
  const answers = await Promise.allSettled(endpoints.map(read));
  const views = answers.flatMap((answer, index) => {
    const name = endpoints[index]?.name;
    return answer.status === "fulfilled" && name !== undefined ? [{ endpoint: name, trusted: answer.value }] : [];
  });
  const [first] = answers;
  if (views.length === 0 && first?.status === "rejected") throw first.reason;
  return views;
}
