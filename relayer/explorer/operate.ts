// What the operator's forms ask of the API.
import { z } from "zod";
import { pathOf } from "./site.ts";

const ROOTS = { retry: "/v1/packets", clear: "/v1/lanes", pause: "/v1/lanes", resume: "/v1/lanes" } as const;

export type Act = keyof typeof ROOTS;
export const acts = Object.keys(ROOTS) as [Act, ...Act[]];

export interface ApiCall {
  readonly path: string;
  readonly body: Readonly<Record<string, string>>;
}

export const apiCallOf = (act: Act, id: string, because: string | undefined): ApiCall => ({
  path: `${pathOf(ROOTS[act], id)}/${act}`,
  body: because === undefined ? {} : { because },
});

const DONE: Readonly<Record<Act, string>> = {
  retry: "It is being tried again now.",
  clear: "The chains are being asked now.",
  pause: "The lane is paused.",
  resume: "The lane is taken up again.",
};

const answer = z.object({ changed: z.boolean() });
const problem = z.object({ message: z.string() });

/** What the API's answer to such a call says, for people. */
export function saidOf(act: Act, status: number, body: unknown): { readonly done: boolean; readonly said: string } {
  if (status >= 200 && status < 300) {
    const changed = answer.safeParse(body).data?.changed !== false;
    return { done: true, said: changed ? DONE[act] : "That was so already: nothing had to be changed." };
  }
  return { done: false, said: problem.safeParse(body).data?.message ?? `the API answered with ${status}` };
}
